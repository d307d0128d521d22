package io.zoneproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the upstream server itself, and against relays that lose or change something. */
class LoadSessionTest {
  private static final List<Integer> OWN = List.of((int) ProcessHandle.current().pid());
  private static final int SHORT_MILLIS = 150;

  private LoadSession session;

  @BeforeAll
  static void onLinux() {
    assumeTrue(Epoll.isAvailable(), "no epoll here: the load generator runs on Linux only");
  }

  @BeforeEach
  void open() throws IOException {
    session =
        new LoadSession(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "a.example");
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void doesEachKindOfWorkWithoutAFault() throws IOException {
    for (Work work :
        List.of(
            Work.bulk(Work.Kind.DOWNLOAD, 3),
            Work.bulk(Work.Kind.UPLOAD, 3),
            Work.connect(5),
            Work.ping(5, 500),
            Work.answers(5, 100, 128 * 1024))) {
      session.start(session.upstreamAddress(), List.of(work));
      Measured measured = measure(0);

      assertThat(session.stop()).as("%s", work).isEmpty();
      assertThat(measured.figures()).as("%s", work).hasSize(1);
      assertThat(measured.figures().get(0).units()).as("%s", work).isPositive();
      assertThat(measured.seconds()).isPositive();
    }
  }

  @Test
  void doesSeveralAtOnce() throws IOException {
    List<Work> mix = List.of(Work.bulk(Work.Kind.UPLOAD, 1), Work.connect(2), Work.idle(100));
    session.start(session.upstreamAddress(), mix);
    Measured measured = measure(1);

    assertThat(session.stop()).isEmpty();
    assertThat(measured.figures()).hasSize(3);
    assertThat(measured.figures().get(1).units()).isPositive();
    assertThat(measured.figures().get(1).p99Nanos())
        .isGreaterThanOrEqualTo(measured.figures().get(1).p50Nanos())
        .isPositive();
    assertThat(measured.figures().get(2).units()).isZero();
  }

  @Test
  void goesThroughARelay() throws IOException {
    try (FaultyRelay relay = FaultyRelay.to(session.upstreamAddress(), FaultyRelay.Fault.NONE)) {
      session.start(relay.address(), List.of(Work.bulk(Work.Kind.DOWNLOAD, 1), Work.connect(2)));
      session.measure(0, SHORT_MILLIS, OWN);

      assertThat(session.stop()).isEmpty();
    }
  }

  @Test
  void seesALostByteOfADownload() throws IOException {
    assertThat(faultOf(FaultyRelay.Fault.LOSE_A_BYTE, Work.bulk(Work.Kind.DOWNLOAD, 1)))
        .contains("differs");
  }

  @Test
  void seesAChangedByteOfAnAnswer() throws IOException {
    assertThat(faultOf(FaultyRelay.Fault.CHANGE_A_BYTE, Work.connect(1))).contains("differs");
  }

  @Test
  void seesAnAnswerThatIsCutShort() throws IOException {
    assertThat(faultOf(FaultyRelay.Fault.CUT_SHORT, Work.connect(1)))
        .contains("FIN before the whole answer");
  }

  @Test
  void seesADownloadThatEndsByItself() throws IOException {
    assertThat(faultOf(FaultyRelay.Fault.CUT_SHORT, Work.bulk(Work.Kind.DOWNLOAD, 1)))
        .contains("which are not all");
  }

  @Test
  void tellsOfATargetThatRefuses() throws IOException {
    InetSocketAddress gone;
    try (FaultyRelay relay = FaultyRelay.to(session.upstreamAddress(), FaultyRelay.Fault.NONE)) {
      gone = relay.address();
    }
    session.start(gone, List.of(Work.connect(1)));
    session.measure(0, SHORT_MILLIS, OWN);

    assertThat(session.stop()).contains("refused");
  }

  @Test
  void beginsAnewAfterAFault() throws IOException {
    assertThat(faultOf(FaultyRelay.Fault.CUT_SHORT, Work.connect(1))).isNotEmpty();

    session.start(session.upstreamAddress(), List.of(Work.connect(1)));
    session.measure(0, SHORT_MILLIS, OWN);
    assertThat(session.stop()).isEmpty();
  }

  @Test
  void refusesAWorkThatItDoesNotKnow() {
    assertThatThrownBy(() -> Work.parse("SLEEP:1:0:0:0"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Until some of this work has been done: a busy machine does nothing for a while. */
  private Measured measure(int figure) {
    return await()
        .until(
            () -> session.measure(0, SHORT_MILLIS, OWN),
            measured -> measured.figures().get(figure).units() > 0);
  }

  private String faultOf(FaultyRelay.Fault fault, Work work) {
    return await().until(() -> tryFaultOf(fault, work), said -> !said.isEmpty());
  }

  private String tryFaultOf(FaultyRelay.Fault fault, Work work) throws IOException {
    try (FaultyRelay relay = FaultyRelay.to(session.upstreamAddress(), fault)) {
      session.start(relay.address(), List.of(work));
      session.measure(0, SHORT_MILLIS, OWN);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("not all connections came about");
    }
    return session.stop();
  }
}
