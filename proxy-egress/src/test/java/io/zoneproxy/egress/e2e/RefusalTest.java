package io.zoneproxy.egress.e2e;

import static io.zoneproxy.tls.hello.ClientHellos.ascii;
import static io.zoneproxy.tls.hello.ClientHellos.concat;
import static io.zoneproxy.tls.hello.ClientHellos.message;
import static io.zoneproxy.tls.hello.ClientHellos.name;
import static io.zoneproxy.tls.hello.ClientHellos.number;
import static io.zoneproxy.tls.hello.ClientHellos.record;
import static io.zoneproxy.tls.hello.ClientHellos.records;
import static io.zoneproxy.tls.hello.ClientHellos.vector;
import static io.zoneproxy.tls.hello.ClientHellos.withServerName;
import static io.zoneproxy.tls.hello.ClientHellos.withoutServerName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.Origin;
import io.zoneproxy.egress.e2e.KumaTexts.Instance;
import io.zoneproxy.tls.hello.ClientHellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not belong is refused, by the proxy that can know it, with the reason. */
final class RefusalTest {
  private static final String ECHO = TwoZones.tagged("echo");

  private final Path folder;
  private final EchoService service;

  RefusalTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.service = new EchoService();
  }

  @BeforeEach
  void nothingHasArrivedYet() {
    assertThat(service.connections).hasValue(0);
  }

  @AfterEach
  void close() throws IOException {
    service.close();
  }

  static Stream<Arguments> refused() {
    byte[] good = withServerName(ECHO);
    return Stream.of(
        refused("an unknown service", CloseReason.NO_ROUTE, hello("ghost{mesh=default}")),
        refused("an unknown mesh", CloseReason.NO_ROUTE, hello("echo{mesh=other}")),
        refused("an unknown tag", CloseReason.NO_ROUTE, hello("echo{mesh=default,version=v9}")),
        refused(
            "tags in another order", CloseReason.NO_ROUTE, hello("echo{version=v1,mesh=default}")),
        refused("the service alone", CloseReason.NO_ROUTE, hello("echo")),
        refused("the hash form", CloseReason.NO_ROUTE, hello(TwoZones.hashed("echo"))),
        refused("a trailing dot", CloseReason.NO_ROUTE, hello(ECHO + ".")),
        refused("an IPv4 address", CloseReason.NO_ROUTE, hello("127.0.0.1")),
        refused("an IPv6 address", CloseReason.NO_ROUTE, hello("[::1]")),
        refused("a decimal address", CloseReason.NO_ROUTE, hello("2130706433")),
        refused("the longest name", CloseReason.NO_ROUTE, hello("x".repeat(1024))),
        refused("a name that is a path", CloseReason.NO_ROUTE, hello("../../etc/passwd")),
        refused("no server name", CloseReason.NO_SNI, records(withoutServerName())),
        refused(
            "no extensions",
            CloseReason.NO_SNI,
            records(ClientHellos.builder().withoutExtensions().message())),
        refused("a longer name", CloseReason.MALFORMED_HELLO, hello("x".repeat(1025))),
        refused("an empty name", CloseReason.MALFORMED_HELLO, hello("")),
        refused("NUL", CloseReason.MALFORMED_HELLO, hello(ECHO + "\0")),
        refused("a newline", CloseReason.MALFORMED_HELLO, hello("echo\n{mesh=default}")),
        refused("a space", CloseReason.MALFORMED_HELLO, hello("echo {mesh=default}")),
        refused("no ASCII", CloseReason.MALFORMED_HELLO, hello("\u00e9cho{mesh=default}")),
        refused(
            "two names",
            CloseReason.MALFORMED_HELLO,
            records(ClientHellos.builder().serverName(ECHO).serverName("x").message())),
        refused(
            "two extensions",
            CloseReason.MALFORMED_HELLO,
            records(
                ClientHellos.builder().serverName(ECHO).serverNameExtension(list(ECHO)).message())),
        refused(
            "another name type",
            CloseReason.MALFORMED_HELLO,
            records(ClientHellos.builder().serverName(1, ECHO).message())),
        refused(
            "trailing bytes",
            CloseReason.MALFORMED_HELLO,
            records(ClientHellos.builder().serverName(ECHO).trailing(new byte[3]).message())),
        refused(
            "an empty record",
            CloseReason.MALFORMED_HELLO,
            record(ClientHellos.HANDSHAKE, new byte[0])),
        refused(
            "another handshake message",
            CloseReason.MALFORMED_HELLO,
            records(message(ClientHellos.FINISHED, new byte[32]))),
        refused(
            "an alert within",
            CloseReason.MALFORMED_HELLO,
            concat(first(good), record(ClientHellos.ALERT, new byte[] {1, 0}))),
        refused(
            "a lying length",
            CloseReason.HELLO_TOO_LONG,
            record(ClientHellos.HANDSHAKE, concat(number(1, 1), number(3, 0xffffff)))),
        refused(
            "too long a hello",
            CloseReason.HELLO_TOO_LONG,
            records(ClientHellos.builder().serverName(ECHO).paddedTo(17_000).message(), 16_000)),
        refused(
            "plain HTTP",
            CloseReason.NOT_TLS,
            "GET / HTTP/1.1\r\nHost: echo\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
        refused(
            "an alert", CloseReason.MALFORMED_HELLO, record(ClientHellos.ALERT, new byte[] {1, 0})),
        refused("SSH", CloseReason.NOT_TLS, "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)));
  }

  private static Arguments refused(String what, CloseReason reason, byte[] bytes) {
    return Arguments.of(what, reason, bytes);
  }

  private static byte[] hello(String serverName) {
    return records(withServerName(serverName));
  }

  /** The content of a server_name extension. */
  private static byte[] list(String serverName) {
    return vector(2, name(0, serverName));
  }

  /** The first record of a hello in two. */
  private static byte[] first(byte[] message) {
    byte[] start = new byte[message.length / 2];
    System.arraycopy(message, 0, start, 0, start.length);
    return record(ClientHellos.HANDSHAKE, start);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void theEgressRefuses(String what, CloseReason reason, byte[] bytes) throws IOException {
    try (TwoZones zones = zones().start()) {
      assertRefused(zones.egress, zones.door(), bytes, reason);
      assertThat(zones.ingress.closed).isEmpty();
      assertThat(zones.ingress.stats().total.sum()).isZero();
      assertServes(zones);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void theIngressRefusesTheSame(String what, CloseReason reason, byte[] bytes) throws IOException {
    if (what.equals("the hash form")) {
      return; // the one name that an ingress takes and an egress does not
    }
    try (TwoZones zones = zones().start()) {
      assertRefused(zones.ingress, zones.ingress.address(), bytes, reason);
      assertThat(service.connections).hasValue(0);
    }
  }

  @Test
  void aServiceThatIsGoneIsRefusedAtTheIngressOnly() throws IOException {
    try (TwoZones zones = zones().announcing("gone").start()) {
      try (RawClient client = RawClient.dial(zones.door(), "gone{mesh=default}")) {
        assertThat(client.readToTheEnd()).isEmpty();
      }
      assertThat(zones.ingress.nextClosed().reason()).isEqualTo(CloseReason.NO_ROUTE);
      ConnectionRecord inEast = zones.egress.nextClosed();
      assertThat(inEast.reason()).isEqualTo(CloseReason.UPSTREAM_CLOSED_EARLY);
      assertThat(inEast.reason().origin()).isEqualTo(Origin.UPSTREAM);
      assertThat(inEast.cluster()).isEqualTo("default:gone");
    }
  }

  @Test
  void aServiceThatRefusesConnectionsIsTheUpstreamsFaultAtTheIngress() throws IOException {
    service.close();
    try (TwoZones zones = zones().start();
        RawClient client = RawClient.dial(zones.door(), ECHO)) {
      assertThat(client.readToTheEnd()).isEmpty();
      ConnectionRecord inWest = zones.ingress.nextClosed();
      assertThat(inWest.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
      assertThat(inWest.detail()).contains("refused");
      assertThat(zones.egress.nextClosed().reason().origin()).isEqualTo(Origin.UPSTREAM);
    }
  }

  @Test
  void aMeshWithoutMtlsIsServedByNeither() throws IOException {
    try (TwoZones zones = zones().meshes(KumaTexts.meshWithoutTls("default")).start()) {
      assertRefused(zones.egress, zones.door(), hello(ECHO), CloseReason.NO_ROUTE);
      assertRefused(zones.ingress, zones.ingress.address(), hello(ECHO), CloseReason.NO_ROUTE);
      assertThat(zones.egress.proxy.notices())
          .anySatisfy(notice -> assertThat(notice.toString()).contains("mTLS"));
      assertThat(zones.ingress.proxy.notices())
          .anySatisfy(notice -> assertThat(notice.toString()).contains("mTLS"));
    }
  }

  @Test
  void aDisabledZoneIsNotEntered() throws IOException {
    try (TwoZones zones = zones().zones(KumaTexts.zone("west", false)).start()) {
      assertRefused(zones.egress, zones.door(), hello(ECHO), CloseReason.NO_ROUTE);
      zones.east.put("zones.yaml", KumaTexts.zone("west", true));
      zones.reload();
      assertServes(zones);
    }
  }

  @Test
  void withoutZoneEgressTheMeshGoesStraightToTheIngress() throws IOException {
    try (TwoZones zones = zones().eastMeshes(KumaTexts.mesh("default", false)).start()) {
      assertRefused(zones.egress, zones.door(), hello(ECHO), CloseReason.NO_ROUTE);
      assertThat(zones.egress.proxy.notices())
          .anySatisfy(notice -> assertThat(notice.field()).isEqualTo("routing.zoneEgress"));
      assertEchoes(zones.ingress.address(), ECHO);
    }
  }

  @Test
  void aProbeThatSendsNothingIsACounterAndNoRecord() throws IOException {
    try (TwoZones zones = zones().start()) {
      RawClient.dial(zones.door()).close();
      await().until(() -> zones.egress.stats().silent.sum() == 1);
      assertServes(zones);
      assertThat(zones.egress.nextClosed().serverName()).isEqualTo(ECHO); // the first record
    }
  }

  private TwoZones.Plan zones() {
    return TwoZones.in(folder).with(Instance.of("echo", service.port()).with("version", "v1"));
  }

  private static void assertRefused(
      RunningProxy by, InetSocketAddress door, byte[] bytes, CloseReason reason)
      throws IOException {
    try (RawClient client = RawClient.dial(door).send(bytes)) {
      assertThat(client.readToTheEnd()).isEmpty();
    }
    ConnectionRecord closed = by.nextClosed();
    assertThat(closed.reason()).as(closed.toString()).isEqualTo(reason);
    assertThat(closed.reason().origin()).isEqualTo(Origin.DOWNSTREAM);
    assertThat(closed.cluster()).isEmpty();
    assertThat(closed.connectAttempts()).isZero();
    assertThat(by.stats().closed(reason).sum()).isEqualTo(1);
  }

  private static void assertServes(TwoZones zones) throws IOException {
    assertEchoes(zones.door(), ECHO);
  }

  private static void assertEchoes(InetSocketAddress door, String serverName) throws IOException {
    try (RawClient client = RawClient.dial(door, serverName)) {
      byte[] hello = RawClient.hello(serverName);
      assertThat(client.read(hello.length)).isEqualTo(hello);
      client.send(ascii("and more"));
      assertThat(client.read(8)).isEqualTo(ascii("and more"));
    }
  }
}
