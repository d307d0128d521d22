package io.zoneproxy.core.observe.request;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.observe.ConnectionRecord;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request when it has ended: one record each, also when it was refused.
 *
 * @param timeline when what happened
 * @param duration to the last byte of the response that was handed to the downstream's connection
 * @param protocol {@code HTTP/1.1} or {@code HTTP/2}
 * @param request its headers, as they were sent on
 * @param response the headers of the response; empty when none was sent
 * @param trailers of the response
 * @param status of the response; 0 when none was sent
 * @param connection of the downstream, as far as it had come: its reason and detail mean nothing
 * @param local our end of that connection; null when it is not known
 * @param accessLogs that the chain asks for: one record each
 * @param route its name, "" when it has none, or no route took the request
 * @param upstream where it went
 * @param bytesReceived of the request's body
 * @param bytesSent of the response's body
 * @param end how it ended
 * @param detail more words on that, "" for none
 * @param reply the body that this proxy answered with by itself; "" when it did not
 */
public record RequestRecord(
    Timeline timeline,
    Duration duration,
    String protocol,
    LoggedHeaders request,
    LoggedHeaders response,
    LoggedHeaders trailers,
    int status,
    ConnectionRecord connection,
    @Nullable SocketAddress local,
    List<AccessLogSpec> accessLogs,
    String route,
    UpstreamUse upstream,
    long bytesReceived,
    long bytesSent,
    RequestEnd end,
    String detail,
    String reply) {

  /** The same without headers and bodies, which may be long. */
  public RequestRecord withoutHeaders() {
    LoggedHeaders none = LoggedHeaders.NONE;
    return new RequestRecord(
        timeline,
        duration,
        protocol,
        none,
        none,
        none,
        status,
        connection,
        local,
        accessLogs,
        route,
        upstream,
        bytesReceived,
        bytesSent,
        end,
        detail,
        "");
  }

  /** Name of the cluster, "" when none was chosen. */
  public String cluster() {
    return upstream.cluster();
  }

  /** Why it ended, in Envoy's words ({@code %RESPONSE_CODE_DETAILS%}): never "". */
  public String codeDetails() {
    return reply.isEmpty() && end == RequestEnd.DONE && upstream.remote() == null
        ? "direct_response"
        : end.codeDetails(detail);
  }
}
