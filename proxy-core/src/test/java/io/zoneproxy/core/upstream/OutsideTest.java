package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.process.OutsideStats;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where names of external services may not lead. */
final class OutsideTest {
  private static final InetAddress OURS = address("192.0.2.9");

  private final OutsideStats stats = new OutsideStats();

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Outside guard(boolean allowLinkLocal) {
    return new Outside(
        stats, allowLinkLocal, (address, port) -> address.equals(OURS) && port == 10002);
  }

  private Cluster cluster(Outside outside, HostPort endpoint, String... addresses) {
    List<InetAddress> answer = Stream.of(addresses).map(OutsideTest::address).toList();
    NameTable names =
        new NameTable(name -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(answer));
    ClusterContext usual = Clusters.context();
    return new Cluster(
        new Clusters().spec(locality(0, new EndpointSpec(endpoint, 1, Map.of()))),
        new ClusterContext(names, null, usual.random(), usual.probes(), outside));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.1.1",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "192.0.2.9",
        "64:ff9b::c000:209",
      })
  void anAddressThatIsNoneOfAnOutsideHostIsNotDialed(String bad) {
    Cluster cluster = cluster(guard(false), new HostPort("evil.example", 10002), bad);
    assertThat(cluster.picker(Map.of()).pick(List.of())).isNotNull();
    cluster.leadsOutside();
    assertThat(cluster.picker(Map.of()).pick(List.of())).isNull();
    assertThat(cluster.endpoints().iterator().next().dialAddress()).isNull();
    assertThat(stats.refusedAddresses.sum()).isOne(); // once, however often it is met
  }

  @Test
  void theOtherAddressesOfANameAreDialed() {
    Cluster cluster =
        cluster(
            guard(false), new HostPort("some.example", 80), "169.254.1.1", "192.0.2.1", "10.1.2.3");
    cluster.leadsOutside();
    Endpoint endpoint = cluster.endpoints().iterator().next();
    assertThat(endpoint.barred()).isEmpty();
    assertThat(Stream.generate(endpoint::dialAddress).limit(4))
        .containsExactlyInAnyOrder(
            new InetSocketAddress(address("192.0.2.1"), 80),
            new InetSocketAddress(address("192.0.2.1"), 80),
            new InetSocketAddress(address("10.1.2.3"), 80),
            new InetSocketAddress(address("10.1.2.3"), 80));
  }

  @Test
  void linkLocalAddressesPassWhenThatIsAllowedAndOursDoesNot() {
    Cluster linkLocal = cluster(guard(true), new HostPort("a.example", 80), "169.254.1.1");
    linkLocal.leadsOutside();
    assertThat(linkLocal.picker(Map.of()).pick(List.of())).isNotNull();
    Cluster ours = cluster(guard(true), new HostPort("b.example", 10002), "192.0.2.9");
    ours.leadsOutside();
    assertThat(ours.picker(Map.of()).pick(List.of())).isNull();
    assertThat(ours.endpoints().iterator().next().barred())
        .isEqualTo("this proxy itself listens there");
    assertThat(ours.withoutEndpoint())
        .isEqualTo(ours.name() + ": b.example:10002: this proxy itself listens there");
    assertThat(linkLocal.withoutEndpoint()).isEqualTo(linkLocal.name());
    Cluster otherPort = cluster(guard(true), new HostPort("b.example", 10003), "192.0.2.9");
    otherPort.leadsOutside();
    assertThat(otherPort.picker(Map.of()).pick(List.of())).isNotNull();
  }

  @Test
  void anAddressOfOursIsNotDialedThoughTheConfigurationHasIt() {
    Cluster ours = cluster(guard(false), new HostPort("192.0.2.9", 10002));
    assertThat(ours.picker(Map.of()).pick(List.of())).as("of another zone, say").isNotNull();
    ours.leadsOutside();
    assertThat(ours.picker(Map.of()).pick(List.of())).isNull();
    assertThat(ours.withoutEndpoint())
        .isEqualTo(ours.name() + ": 192.0.2.9:10002: this proxy itself listens there");
    assertThat(stats.refusedAddresses.sum()).isOne();
    Cluster otherPort = cluster(guard(false), new HostPort("192.0.2.9", 10003));
    otherPort.leadsOutside();
    assertThat(otherPort.picker(Map.of()).pick(List.of())).isNotNull();
  }

  @Test
  void anotherAddressThatTheConfigurationHasIsDialed() {
    Cluster cluster = cluster(guard(false), new HostPort("169.254.1.1", 80));
    cluster.leadsOutside();
    assertThat(cluster.picker(Map.of()).pick(List.of())).isNotNull();
  }

  @Test
  void tlsThatVerifiesNothingIsCountedWhileItLasts() {
    Cluster cluster = cluster(guard(false), new HostPort("192.0.2.1", 80));
    cluster.unverified(true);
    cluster.unverified(true);
    assertThat(stats.unverifiedTls).hasValue(1);
    cluster.unverified(false);
    assertThat(stats.unverifiedTls).hasValue(0);
    cluster.unverified(true);
    cluster.close();
    assertThat(stats.unverifiedTls).hasValue(0);
  }
}
