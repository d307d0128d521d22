package io.zoneproxy.core.upstream.health;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.policy.HeaderChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the status of an answer. */
record StatusCheck(List<HealthCheck.Statuses> expected) implements HttpQuestion.Judge {
  private static final int OK = 200;

  /** Servers tell probes from users by it; Envoy's word, which their rules may know. */
  static final String USER_AGENT = "Envoy/HC";

  /** What is asked. */
  static FullHttpRequest request(HealthCheck.Http probe, String cluster) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, probe.path(), Unpooled.EMPTY_BUFFER);
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, probe.host().isEmpty() ? cluster : probe.host());
    headers.set(HttpHeaderNames.USER_AGENT, USER_AGENT);
    for (HeaderChange change : probe.headers()) {
      if (change.append()) {
        headers.add(change.name(), change.value());
      } else {
        headers.set(change.name(), change.value());
      }
    }
    return request;
  }

  @Override
  public Outcome onHead(HttpResponse head) {
    int status = head.status().code();
    boolean well =
        expected.isEmpty()
            ? status == OK
            : expected.stream().anyMatch(each -> each.from() <= status && status < each.before());
    return well ? Outcome.PASSED : Outcome.ILL;
  }

  @Override
  public @Nullable Outcome onContent(HttpContent part) {
    return null; // the head has decided
  }
}
