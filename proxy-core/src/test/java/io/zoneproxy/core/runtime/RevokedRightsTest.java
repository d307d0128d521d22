package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.relay.LiveConnection;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.SniTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RevokedRightsTest {
  private static final String WEB = "spiffe://default/web";
  private static final String SHOP = "spiffe://default/shop";

  private final EventLoopGroup control = Transport.loops(1, "test-control");
  private final LiveConnections live = new LiveConnections();
  private Map<String, SniTable> now = Map.of();

  @AfterEach
  void stop() {
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private RevokedRights rights(RemovalPolicy policy, Duration patience) {
    return new RevokedRights(policy, patience, control.next(), live);
  }

  private static ConnectionGate only(String... identities) {
    List<Principal> who =
        List.of(identities).stream()
            .<Principal>map(one -> new Principal.Authenticated(Optional.of(StringMatch.exact(one))))
            .toList();
    RbacSpec.Policy policy = new RbacSpec.Policy("some", List.of(new Permission.Any()), who);
    RbacSpec.Rules rules = new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of(policy));
    return ConnectionGate.of(
        List.of(
            new NetworkFilter.Rbac(
                new RbacSpec(
                    Optional.of(rules), Optional.empty(), Optional.empty(), Optional.empty()))),
        0,
        ConnectionGate.OPEN);
  }

  private static FilterChain service(String name, ConnectionGate gate) {
    return new FilterChain.Terminate(
        name, "", TcpOptions.DEFAULT, true, false, gate, channel -> {});
  }

  private void change(RevokedRights rights, FilterChain... chains) {
    Map<String, SniTable> after = Map.of("l", SniTable.of(List.of(chains)));
    rights.onChange(now, after);
    now = after;
  }

  private Caller caller(String service, String identity) {
    Caller caller = new Caller(service, identity);
    live.add(caller);
    return caller;
  }

  /** Runs all that was due before. */
  private void passTime() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    control.next().schedule(done::countDown, 1, TimeUnit.MILLISECONDS);
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoMayNotPassAnyMoreIsCutAndOthersStay() {
    RevokedRights rights = rights(RemovalPolicy.CUT, Duration.ZERO);
    Caller web = caller("db", WEB);
    Caller shop = caller("db", SHOP);
    change(rights, service("db", only(WEB, SHOP)));
    change(rights, service("db", only(SHOP)));

    await().untilAsserted(() -> assertThat(web.cut).hasValue(CloseReason.DENIED));
    assertThat(shop.cut).hasNullValue();
  }

  @Test
  void aDenialThatIsTakenBackInTimeCutsNobody() throws Exception {
    RevokedRights rights = rights(RemovalPolicy.CUT, Duration.ofSeconds(1));
    Caller web = caller("db", WEB);
    change(rights, service("db", only(WEB)));
    change(rights, service("db", only()));
    change(rights, service("db", only(WEB)));

    control.next().schedule(() -> {}, 1100, TimeUnit.MILLISECONDS).sync();
    passTime();
    assertThat(web.cut).hasNullValue();
  }

  @Test
  void withAnotherPolicyLiveConnectionsAreKept() throws Exception {
    RevokedRights rights = rights(RemovalPolicy.DRAIN, Duration.ZERO);
    Caller web = caller("db", WEB);
    change(rights, service("db", only(WEB)));
    change(rights, service("db", only(SHOP)));

    passTime();
    assertThat(web.cut).hasNullValue();
  }

  @Test
  void whenAllOfSeveralServicesWouldBeCutTheyAreKept() throws Exception {
    RevokedRights rights = rights(RemovalPolicy.CUT, Duration.ZERO);
    Caller db = caller("db", WEB);
    Caller mail = caller("mail", WEB);
    change(rights, service("db", only(WEB)), service("mail", only(WEB)));
    change(rights, service("db", only()), service("mail", only()));

    passTime();
    assertThat(db.cut).hasNullValue();
    assertThat(mail.cut).hasNullValue();
  }

  /** A live connection that was let in. */
  private static final class Caller implements LiveConnection {
    final AtomicReference<@Nullable CloseReason> cut = new AtomicReference<>();
    private final String service;
    private final String identity;

    Caller(String service, String identity) {
      this.service = service;
      this.identity = identity;
    }

    @Override
    public String listener() {
      return "l";
    }

    @Override
    public Opening opening() {
      return Opening.tls(service);
    }

    @Override
    public Subject subject() {
      return new Subject(null, service, 0, new Subject.Identity(List.of(identity), List.of(), ""));
    }

    @Override
    public boolean cut(CloseReason reason) {
      return cut.compareAndSet(null, reason);
    }
  }
}
