package io.zoneproxy.ingress.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire to a control plane holds its token. */
class FramesUnloggedTest {
  private final LoggerContext context = new LoggerContext();

  FramesUnloggedTest() {
    context.addTurboFilter(new FramesUnlogged());
    context.getLogger("ROOT").setLevel(Level.TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.grpc.netty.NettyClientHandler",
        "io.grpc.netty.shaded.Any",
        "io.netty.handler.codec.http2.Http2FrameLogger"
      })
  void framesAreNotLoggedWhateverLevelIsAskedFor(String logger) {
    assertThat(context.getLogger(logger).isTraceEnabled()).isFalse();
    assertThat(context.getLogger(logger).isDebugEnabled()).isFalse();
    assertThat(context.getLogger(logger).isWarnEnabled()).isTrue();
  }

  @Test
  void everythingElseIs() {
    assertThat(context.getLogger("io.zoneproxy.Any").isDebugEnabled()).isTrue();
    assertThat(context.getLogger("io.grpc.Any").isDebugEnabled()).isTrue();
  }
}
