package io.zoneproxy.core.upstream.health;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.balance.HealthCheck;
import java.util.function.Consumer;

/** What an endpoint is asked on a connection. Immutable. */
interface Question {
  /**
   * Adds its handlers and asks. On the control loop.
   *
   * @param open the connection, with TLS where there is some; whoever dialed it closes it
   * @param told how it ended, perhaps at once; a connection that ends first is not its to tell
   */
  void ask(Channel open, Consumer<Outcome> told);

  /**
   * That of a configuration.
   *
   * @param cluster named as the host when the configuration names none, as Envoy does
   */
  static Question of(HealthCheck.Probe probe, String cluster) {
    if (probe instanceof HealthCheck.Tcp tcp) {
      return new TcpQuestion(tcp);
    } else if (probe instanceof HealthCheck.Grpc grpc) {
      return new HttpQuestion(
          true, () -> GrpcHealth.request(grpc, cluster), GrpcHealth.Answer::new);
    }
    HealthCheck.Http http = (HealthCheck.Http) probe;
    return new HttpQuestion(
        http.http2(),
        () -> StatusCheck.request(http, cluster),
        () -> new StatusCheck(http.expected()));
  }
}
