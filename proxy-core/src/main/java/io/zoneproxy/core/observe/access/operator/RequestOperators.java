package io.zoneproxy.core.observe.access.operator;

import static io.zoneproxy.core.observe.access.operator.Field.present;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.Timeline;
import io.zoneproxy.core.observe.request.Timeline.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request has a value for; of a connection that is relayed the operators say what they said
 * before.
 */
final class RequestOperators {
  private RequestOperators() {}

  /** One value of a request. */
  @FunctionalInterface
  interface Of {
    /** As {@link Field#of}. */
    @Nullable Object request(RequestRecord request);
  }

  static void addTo(Map<String, Operator> all) {
    addAnswer(all);
    addTimes(all);
    addBytes(all);
    addUpstream(all);
    HeaderOperators.addTo(all);
  }

  /** The operator that was there keeps its parameters, and what it says of connections. */
  static void add(Map<String, Operator> all, String name, Of value) {
    addNamed(all, name, none -> value);
  }

  /** For operators with parameters. */
  static void addNamed(Map<String, Operator> all, String name, Function<String, Of> factory) {
    Operator before = all.get(name);
    if (before == null) {
      throw new IllegalArgumentException(name + " (expected: an operator that is known already)");
    }
    all.put(
        name,
        new Operator(
            before.parameters(),
            before.oneWord(),
            parameters -> {
              Field relayed = before.factory().create(parameters);
              Of value = factory.apply(parameters);
              return logged -> {
                RequestRecord request = logged.request();
                return request == null ? relayed.of(logged) : value.request(request);
              };
            }));
  }

  private static void addAnswer(Map<String, Operator> all) {
    add(all, "PROTOCOL", RequestRecord::protocol);
    add(all, "RESPONSE_CODE", request -> (long) request.status());
    addNamed(all, "RESPONSE_CODE_DETAILS", asIs -> RequestRecord::codeDetails);
    add(all, "ROUTE_NAME", request -> present(request.route()));
    add(all, "LOCAL_REPLY_BODY", request -> present(request.reply()));
    add(
        all,
        "UPSTREAM_TRANSPORT_FAILURE_REASON",
        request ->
            request.end() == RequestEnd.CONNECT_FAILED
                    || request.end() == RequestEnd.UPSTREAM_TLS_FAILED
                ? present(ShownText.capped(request.detail(), ShownText.MAX_DETAIL))
                : null);
  }

  private static void addTimes(Map<String, Operator> all) {
    add(all, "REQUEST_DURATION", since(Point.RECEIVED));
    add(all, "REQUEST_TX_DURATION", since(Point.SENT));
    add(all, "RESPONSE_DURATION", since(Point.ANSWERED));
    add(all, "UPSTREAM_CONNECTION_POOL_READY_DURATION", since(Point.CONNECTED));
    add(
        all,
        "RESPONSE_TX_DURATION",
        request -> millis(request.timeline().between(Point.ANSWERED, Point.REPLIED)));
    addNamed(all, "COMMON_DURATION", RequestOperators::between);
  }

  private static Of since(Point point) {
    return request -> millis(request.timeline().at(point));
  }

  private static @Nullable Long millis(@Nullable Duration taken) {
    return taken == null ? null : (Long) taken.toMillis();
  }

  private static Of between(String parameters) {
    String[] parts = parameters.split(":", -1);
    long nanos = TimeOperators.nanos(parts);
    return request -> {
      Duration from = at(request.timeline(), parts[0]);
      Duration to = at(request.timeline(), parts[1]);
      return from == null || to == null ? null : (Long) (to.minus(from).toNanos() / nanos);
    };
  }

  private static @Nullable Duration at(Timeline timeline, String label) {
    Point point = Point.of(label);
    if (point == null) {
      return label.equals("DS_RX_BEG") ? Duration.ZERO : null;
    }
    return timeline.at(point);
  }

  /** Those of the wire are without what frames and chunks add. */
  private static void addBytes(Map<String, Operator> all) {
    Of asked = request -> (long) request.request().bytes();
    Of answered = request -> (long) request.response().bytes();
    add(all, "REQUEST_HEADERS_BYTES", asked);
    add(all, "RESPONSE_HEADERS_BYTES", answered);
    add(all, "RESPONSE_TRAILERS_BYTES", request -> (long) request.trailers().bytes());
    add(all, "DOWNSTREAM_HEADER_BYTES_RECEIVED", asked);
    add(all, "DOWNSTREAM_HEADER_BYTES_SENT", answered);
    add(all, "UPSTREAM_HEADER_BYTES_SENT", whenSent(asked));
    add(all, "UPSTREAM_HEADER_BYTES_RECEIVED", whenSent(answered));
    Of received = request -> request.bytesReceived() + request.request().bytes();
    Of sent =
        request ->
            request.bytesSent() + request.response().bytes() + (long) request.trailers().bytes();
    add(all, "DOWNSTREAM_WIRE_BYTES_RECEIVED", received);
    add(all, "DOWNSTREAM_WIRE_BYTES_SENT", sent);
    add(all, "UPSTREAM_WIRE_BYTES_SENT", whenSent(received));
    add(all, "UPSTREAM_WIRE_BYTES_RECEIVED", whenSent(sent));
  }

  private static Of whenSent(Of value) {
    return request -> request.upstream().remote() == null ? (Long) 0L : value.request(request);
  }

  private static void addUpstream(Map<String, Operator> all) {
    add(all, "UPSTREAM_PROTOCOL", request -> present(request.upstream().protocol()));
    Function<Address, String> whole = Address::toString;
    Function<Address, String> host =
        address -> address instanceof HostPort at ? at.host() : address.toString();
    for (String what : List.of("UPSTREAM_HOSTS_ATTEMPTED", "UPSTREAM_HOST_NAMES_ATTEMPTED")) {
      add(all, what, tried(whole));
      add(all, what + "_WITHOUT_PORT", tried(host));
    }
    add(
        all,
        "UPSTREAM_HOST",
        request -> {
          String dialed = AddressOperators.withPort(request.upstream().remote());
          return dialed == null ? last(whole).request(request) : dialed; // as Envoy: also in vain
        });
    add(all, "UPSTREAM_HOST_NAME", last(whole));
    add(all, "UPSTREAM_HOST_NAME_WITHOUT_PORT", last(host));
  }

  private static Of tried(Function<Address, String> form) {
    return request ->
        present(request.upstream().tried().stream().map(form).collect(Collectors.joining(",")));
  }

  private static Of last(Function<Address, String> form) {
    return request -> {
      List<Address> tried = request.upstream().tried();
      return tried.isEmpty() ? null : form.apply(tried.get(tried.size() - 1));
    };
  }
}
