package io.zoneproxy.cp.translate.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ListenerReaderTest {
  private final ListenerReader reader =
      new ListenerReader(new ListenerTranslator(new Interned()), FieldGate.OPEN);

  private static FilterChain chain(String serverName, String cluster) {
    return FilterChain.newBuilder()
        .setFilterChainMatch(
            FilterChainMatch.newBuilder().addServerNames(serverName).setTransportProtocol("tls"))
        .addFilters(
            Filter.newBuilder()
                .setTypedConfig(Any.pack(TcpProxy.newBuilder().setCluster(cluster).build())))
        .build();
  }

  private static Listener listener(int port, List<FilterChain> chains) {
    return Listener.newBuilder()
        .setName("l")
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port)))
        .addAllFilterChains(chains)
        .build();
  }

  private static ListenerSpec slowly(Listener from) {
    return new ListenerTranslator(new Interned())
        .translate(from, Problems.of("Listener", "l"))
        .orElseThrow();
  }

  private Optional<ListenerSpec> read(Listener from) {
    return reader.read("l", from.toByteString());
  }

  @Test
  void readsTheSameAsTheTranslatorThroughAnyChanges() {
    Random random = new Random(3);
    List<FilterChain> chains = new ArrayList<>();
    for (int round = 0; round < 200; round++) {
      chains.add(chain("s" + round, "c" + random.nextInt(9)));
      if (round % 3 == 0) {
        chains.remove(random.nextInt(chains.size()));
      }
      if (round % 5 == 0) {
        Collections.shuffle(chains, random);
      }
      if (round % 7 == 0 && !chains.isEmpty()) {
        int at = random.nextInt(chains.size());
        String name = chains.get(at).getFilterChainMatch().getServerNames(0);
        chains.set(at, chain(name, "other" + round));
      }
      Listener from = listener(round < 100 ? 10_001 : 10_002, chains);
      assertThat(read(from)).contains(slowly(from));
    }
  }

  @Test
  void keepsTheObjectsOfChainsThatHaveNotChanged() {
    FilterChain one = chain("a", "c");
    ChainSpec before = read(listener(1, List.of(one))).orElseThrow().chains().get(0);
    List<ChainSpec> after =
        read(listener(1, List.of(chain("0", "c"), chain("b", "c"), one))).orElseThrow().chains();
    assertThat(after).hasSize(3);
    assertThat(after.get(1)).isSameAs(before);
  }

  @Test
  void translatesAllAgainWhenTheListenerIsAnother() {
    FilterChain one = chain("a", "c");
    ChainSpec before = read(listener(1, List.of(one))).orElseThrow().chains().get(0);
    ChainSpec after = read(listener(2, List.of(one))).orElseThrow().chains().get(0);
    assertThat(after).isEqualTo(before).isNotSameAs(before);
  }

  @Test
  void leavesChainsThatTakeTheSameToTheTranslator() {
    FilterChain one = chain("a", "c");
    assertThat(read(listener(1, List.of(one, one)))).isEmpty();
    assertThat(read(listener(1, List.of(one, chain("A", "d"))))).isEmpty();
    assertThat(read(listener(1, List.of(one)))).isPresent();
    assertThat(read(listener(1, List.of(one, one)))).isEmpty();
    assertThat(read(listener(1, List.of(one)))).isPresent();
    assertThat(read(listener(1, List.of(one, chain("A", "d"))))).isEmpty();
  }

  @Test
  void leavesWhatTheGateDoesNotPassToTheTranslator() {
    FieldGate shut = (resource, message, problems) -> {};
    ListenerReader careful = new ListenerReader(new ListenerTranslator(new Interned()), shut);
    assertThat(careful.read("l", listener(1, List.of(chain("a", "c"))).toByteString())).isEmpty();
  }

  @Test
  void leavesWhatIsNoListenerToTheTranslator() {
    ByteString whole = listener(1, List.of(chain("a", "c"))).toByteString();
    assertThat(reader.read("l", whole.substring(0, whole.size() - 1))).isEmpty();
    ByteString inPieces = whole.substring(0, 9).concat(whole.substring(9));
    assertThat(reader.read("l", inPieces)).isPresent();
  }
}
