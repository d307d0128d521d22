package io.zoneproxy.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import io.zoneproxy.core.model.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameTableTest {
  /** What was asked, in order; the test answers. */
  private record Question(String name, Promise<List<InetAddress>> answer) {}

  private final List<Question> asked = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final NameTable table =
      new NameTable(this::ask, new UnresolvedNames(told::add, told::add));

  private Future<List<InetAddress>> ask(String name) {
    Promise<List<InetAddress>> answer = ImmediateEventExecutor.INSTANCE.newPromise();
    asked.add(new Question(name, answer));
    return answer;
  }

  private void answer(int question, String... addresses) throws UnknownHostException {
    List<InetAddress> answer = new ArrayList<>();
    for (String address : addresses) {
      answer.add(InetAddress.getByName(address));
    }
    asked.get(question).answer().setSuccess(answer);
  }

  private Endpoint endpoint(String host) {
    return new Endpoint(new HostPort(host, 443), table.of(host));
  }

  private static String dial(Endpoint endpoint) {
    InetSocketAddress address = endpoint.dialAddress();
    return address == null ? "none" : address.getAddress().getHostAddress();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "0.0.0.0", "::1", "2001:db8::7", "::ffff:10.0.0.1"})
  void neverAsksForAnAddress(String literal) {
    Endpoint endpoint = endpoint(literal);
    table.refresh();
    assertThat(endpoint.resolved()).isTrue();
    assertThat(Objects.requireNonNull(endpoint.dialAddress()).getPort()).isEqualTo(443);
    assertThat(asked).isEmpty();
  }

  @Test
  void asksOnceForANameThatManyEndpointsHave() throws Exception {
    Endpoint one = endpoint("a.example");
    Endpoint other = endpoint("a.example");
    assertThat(asked).extracting(Question::name).containsExactly("a.example");
    assertThat(one.resolved()).isFalse();
    assertThat(one.dialAddress()).isNull();
    answer(0, "10.0.0.1");
    assertThat(dial(one)).isEqualTo("10.0.0.1");
    assertThat(dial(other)).isEqualTo("10.0.0.1");
  }

  @Test
  void asksOnceHoweverManyThreadsMeetANewName() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 200; round++) {
        String name = "name-" + round;
        Callable<NameTable.Name> meet = () -> table.of(name);
        List<NameTable.Name> met = new ArrayList<>();
        for (var each : threads.invokeAll(Collections.nCopies(8, meet))) {
          met.add(each.get());
        }
        assertThat(met).allSatisfy(one -> assertThat(one).isSameAs(met.get(0)));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(asked).hasSize(200);
  }

  @Test
  void takesTheAddressesOfANameInTurn() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    answer(0, "10.0.0.1", "10.0.0.2", "2001:db8::7");
    assertThat(List.of(dial(endpoint), dial(endpoint), dial(endpoint), dial(endpoint)))
        .containsExactly("10.0.0.1", "10.0.0.2", "2001:db8:0:0:0:0:0:7", "10.0.0.1");
  }

  @Test
  void followsAChangeAtTheNextRefresh() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    answer(0, "10.0.0.1");
    table.refresh();
    assertThat(asked).hasSize(2);
    assertThat(dial(endpoint)).isEqualTo("10.0.0.1"); // until there is an answer
    answer(1, "10.0.0.9");
    assertThat(dial(endpoint)).isEqualTo("10.0.0.9");
  }

  @Test
  void keepsTheLastGoodAnswerWhenTheNextFails() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    answer(0, "10.0.0.1");
    table.refresh();
    asked.get(1).answer().setFailure(new UnknownHostException("a.example"));
    assertThat(dial(endpoint)).isEqualTo("10.0.0.1");
    table.refresh();
    answer(2, "10.0.0.2");
    assertThat(dial(endpoint)).isEqualTo("10.0.0.2");
  }

  @Test
  void keepsTheLastGoodAnswerWhenTheNextIsEmpty() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    answer(0, "10.0.0.1");
    table.refresh();
    answer(1);
    assertThat(dial(endpoint)).isEqualTo("10.0.0.1");
  }

  @Test
  void hasNoAddressAsLongAsEveryAnswerFailsOrIsEmpty() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    asked.get(0).answer().setFailure(new UnknownHostException("a.example"));
    assertThat(endpoint.resolved()).isFalse();
    table.refresh();
    answer(1);
    assertThat(endpoint.resolved()).isFalse();
    table.refresh();
    answer(2, "10.0.0.1");
    assertThat(endpoint.resolved()).isTrue();
  }

  @Test
  void aNameWithoutAnAddressIsToldOnceAndOnceWhenItHasOne() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    asked.get(0).answer().setFailure(new UnknownHostException("no such name"));
    table.refresh();
    answer(1);
    endpoint.dialAddress();
    assertThat(told)
        .singleElement(STRING)
        .startsWith("a.example: the name has no address")
        .endsWith(": no such name");
    table.refresh();
    answer(2, "10.0.0.1");
    table.refresh();
    answer(3, "10.0.0.1");
    table.refresh();
    asked.get(4).answer().setFailure(new UnknownHostException("the last good one stays"));
    assertThat(told).hasSize(2).last(STRING).isEqualTo("a.example: the name has an address now");
  }

  @Test
  void aNameThatIsWantedNoMoreIsNotToldOf() {
    endpoint("a.example");
    table.retain(Set.of());
    asked.get(0).answer().setFailure(new UnknownHostException("a.example"));
    assertThat(told).isEmpty();
  }

  @Test
  void ofManyNamesWithoutAnAddressSomeAreTold() {
    for (int i = 0; i < 2 * UnresolvedNames.MOST_TOLD; i++) {
      endpoint("name-" + i);
      asked.get(i).answer().setFailure(new UnknownHostException("name-" + i));
    }
    assertThat(told).hasSize(UnresolvedNames.MOST_TOLD);
  }

  @Test
  void forgetsTheNamesThatNobodyHas() {
    endpoint("a.example");
    endpoint("b.example");
    table.retain(Set.of("b.example", "10.0.0.1"));
    table.refresh();
    assertThat(asked)
        .extracting(Question::name)
        .containsExactly("a.example", "b.example", "b.example");
  }

  @Test
  void asksAnewForANameThatComesBack() throws Exception {
    Endpoint before = endpoint("a.example");
    answer(0, "10.0.0.1");
    table.retain(Set.of());
    Endpoint after = endpoint("a.example");
    assertThat(asked).hasSize(2);
    assertThat(after.resolved()).isFalse();
    answer(1, "10.0.0.2");
    assertThat(dial(after)).isEqualTo("10.0.0.2");
    assertThat(dial(before)).isEqualTo("10.0.0.1"); // a live connection may still hold it
  }

  @Test
  void usesTheFamiliesOfAddressesThatAreConfigured() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    answer(0, "2001:db8::1", "10.0.0.1", "2001:db8::2", "10.0.0.2");
    assertThat(dialed(endpoint)).hasSize(4);
    endpoint.family(DnsFamily.V4_ONLY);
    assertThat(dialed(endpoint)).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
    endpoint.family(DnsFamily.V4_PREFERRED);
    assertThat(dialed(endpoint)).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
    endpoint.family(DnsFamily.V6_ONLY);
    assertThat(dialed(endpoint)).hasSize(2).doesNotContain("10.0.0.1", "10.0.0.2");
  }

  @Test
  void hasNoAddressOfAFamilyThatIsNotInTheAnswer() throws Exception {
    Endpoint endpoint = endpoint("a.example");
    endpoint.family(DnsFamily.V4_ONLY);
    int before = table.changes();
    answer(0, "2001:db8::1");
    assertThat(endpoint.resolved()).isFalse();
    assertThat(endpoint.dialAddress()).isNull();
    assertThat(table.changes()).isGreaterThan(before);
    Endpoint literal = endpoint("2001:db8::1");
    literal.family(DnsFamily.V4_ONLY);
    assertThat(literal.resolved()).isTrue(); // it is what it is
  }

  private static Set<String> dialed(Endpoint endpoint) {
    Set<String> dialed = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      dialed.add(dial(endpoint));
    }
    return dialed;
  }
}
