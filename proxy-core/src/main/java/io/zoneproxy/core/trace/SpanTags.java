package io.zoneproxy.core.trace;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.observe.request.LoggedHeaders;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.UpstreamUse;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a span says of its request, under Envoy's names, and what the configuration adds. */
final class SpanTags {
  /** Envoy's default for the path in the URL; Kuma sets no other. */
  private static final int MAX_PATH = 256;

  private static final int SERVER_ERROR = 500;
  private static final String NONE = "-";

  private final List<TracingSpec.Tag> custom;
  private final String node;

  SpanTags(List<TracingSpec.Tag> custom, String node) {
    this.custom = custom;
    this.node = node;
  }

  /** Whether a status, 0 for none, is a failure of the server. */
  static boolean isFailure(int status) {
    return status == 0 || status >= SERVER_ERROR;
  }

  /**
   * The tags of a request that is over.
   *
   * @param sender who sent it, as it says itself; null when it does not
   */
  Tags of(RequestRecord record, @Nullable String sender) {
    Tags tags = new Tags();
    tags.put("node_id", node);
    tags.put("component", "proxy");
    ofRequest(record, sender, tags);
    tags.put("request_size", Long.toString(record.bytesReceived()));
    tags.put("response_size", Long.toString(record.bytesSent()));
    ofUpstream(record, tags);
    tags.put("http.status_code", Integer.toString(record.status()));
    tags.put("response_flags", record.end().responseFlag());
    ofCall(record, tags);
    for (TracingSpec.Tag tag : custom) {
      tags.put(tag.name(), value(tag, record.request()));
    }
    if (isFailure(record.status())) {
      tags.put("error", "true");
    }
    return tags;
  }

  private static void ofRequest(RequestRecord record, @Nullable String sender, Tags tags) {
    LoggedHeaders request = record.request();
    tags.put("guid:x-request-id", request.get(RequestId.HEADER));
    tags.put("guid:x-client-trace-id", request.get("x-client-trace-id"));
    tags.put("http.url", url(request));
    tags.put("http.method", request.get(":method"));
    tags.put("http.protocol", record.protocol());
    tags.put("downstream_cluster", sender == null ? NONE : sender);
    tags.put("user_agent", orNone(request.get("user-agent")));
    tags.put("peer.address", host(record.connection().downstream()));
  }

  /** As it was asked for, without what is too long of it. */
  private static String url(LoggedHeaders request) {
    String original = request.get("x-envoy-original-path");
    String path = original == null ? orNone(request.get(":path")) : original;
    String told = request.get("x-forwarded-proto");
    String scheme = told == null ? request.get(":scheme") : told;
    return scheme
        + "://"
        + request.get(":authority")
        + path.substring(0, Math.min(MAX_PATH, path.length()));
  }

  private static @Nullable String host(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      return inet.getAddress().getHostAddress();
    }
    return address == null ? null : address.toString();
  }

  private static void ofUpstream(RequestRecord record, Tags tags) {
    if (!record.upstream().tried().isEmpty()) {
      tags.put("upstream_cluster", record.cluster());
      tags.put("upstream_cluster.name", record.cluster());
      tags.put("upstream_address", address(record.upstream()));
    }
  }

  private static String address(UpstreamUse use) {
    return use.remote() instanceof InetSocketAddress inet
        ? NetUtil.toSocketAddressString(inet)
        : use.tried().get(use.tried().size() - 1).toString();
  }

  private static void ofCall(RequestRecord record, Tags tags) {
    LoggedHeaders request = record.request();
    String type = request.get("content-type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/grpc")) {
      return;
    }
    tags.put("grpc.path", request.get(":path"));
    tags.put("grpc.authority", request.get(":authority"));
    tags.put("grpc.content_type", type);
    tags.put("grpc.timeout", request.get("grpc-timeout"));
    tags.put("grpc.status_code", either("grpc-status", record));
    tags.put("grpc.message", either("grpc-message", record));
  }

  private static @Nullable String either(String name, RequestRecord record) {
    String behind = record.trailers().get(name);
    return behind == null ? record.response().get(name) : behind;
  }

  private static @Nullable String value(TracingSpec.Tag tag, LoggedHeaders request) {
    if (tag.header().isEmpty()) {
      return tag.value();
    }
    String told = request.get(tag.header().get().toLowerCase(Locale.ROOT));
    String value = told == null ? tag.value() : told;
    return value.isEmpty() ? null : value; // as Envoy, which leaves the tag out
  }

  private static String orNone(@Nullable String value) {
    return value == null ? NONE : value;
  }
}
