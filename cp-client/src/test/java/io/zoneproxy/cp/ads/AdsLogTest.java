package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says when a stream ends. */
final class AdsLogTest extends AdsTest {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(AdsClient.class);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(appender);
  }

  @Test
  void aTokenThatIsRefusedFromTheStartLeavesNothingInForce() {
    controlPlane.refuse(Status.UNKNOWN.withDescription("token is expired"));
    connect();
    await().until(() -> !said("token has expired").isEmpty());
    assertThat(said("token has expired"))
        .allMatch(line -> line.endsWith("trying again, until then there is nothing to serve"));
  }

  @Test
  void whatWasSentStaysInForceWhenTheStreamEnds() {
    put("a");
    connect();
    await().until(() -> sink.completions.get() == 1);
    controlPlane.endStreams(Status.UNKNOWN.withDescription("token is expired"));
    await().until(() -> !said("token has expired").isEmpty());
    assertThat(said("token has expired"))
        .allMatch(line -> line.endsWith("trying again, what was sent before stays in force"));
  }

  private List<String> said(String words) {
    return lines.stream().filter(line -> line.contains(words)).toList();
  }
}
