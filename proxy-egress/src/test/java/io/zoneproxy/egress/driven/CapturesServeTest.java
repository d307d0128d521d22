package io.zoneproxy.egress.driven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.Origin;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeControlPlane.Asked;
import io.zoneproxy.cp.Recordings;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.egress.e2e.RawClient;
import io.zoneproxy.ingress.explain.ChainVerdict;
import io.zoneproxy.tls.identity.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a real control plane, moved to loopback and pushed to a proxy that serves them. */
final class CapturesServeTest {
  /** Connections of one listener that are tried: the first of its chains. */
  private static final int MOST_TRIED = 5;

  private static final TestAuthority AUTHORITY = TestAuthority.create("captures");
  private static final TestAuthority.Issued OWN = AUTHORITY.order().rsa().server().issue();

  @TestFactory
  Stream<DynamicTest> servesWhatAControlPlaneHasSent(@TempDir Path work) throws IOException {
    return Recordings.files().stream()
        .filter(file -> read(file).has("resources"))
        .map(
            file ->
                DynamicTest.dynamicTest(file.getFileName().toString(), () -> serve(file, work)));
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void serve(Path file, Path work) throws Exception {
    JsonObject root = read(file);
    moved(root.get("resources"));
    Capture capture = Capture.read(root.toString(), XdsTypes.KNOWN);
    try (DrivenZone zone = new DrivenZone(work)) {
      FakeControlPlane ads = zone.ads(DrivenZone.EGRESS);
      int listeners = push(capture, ads);
      try (DrivenProxy proxy = DrivenProxy.start(zone, RemovalPolicy.CUT, DrivenZone.EGRESS)) {
        await().until(() -> proxy.proxy.view().snapshot().listeners().size() == listeners);
        assertThat(ads.asked)
            .extracting(Asked::error)
            // kuma-cp may repeat a check; Envoy refuses such a cluster, and so do we
            .allMatch(error -> error.isEmpty() || error.contains(".health_checks: "));
        assertThat(proxy.proxy.view().listeners()).hasSize(listeners);
        for (ListenerSpec listener : proxy.proxy.view().snapshot().listeners()) {
          assertServes(proxy.proxy.view(), listener);
          tryChains(proxy, listener);
        }
      }
    }
  }

  private static int push(Capture capture, FakeControlPlane ads) throws IOException {
    int listeners = 0;
    for (ResourceType type : ResourceType.values()) {
      for (Message message : capture.messages(type)) {
        Message sent = message;
        if (message instanceof Listener listener) {
          listeners++;
          sent = listener.toBuilder().setAddress(free(listener.getAddress())).build();
        }
        ads.put(type, RawResource.of(type, "1", sent.toByteString()).name(), sent);
      }
    }
    return listeners;
  }

  private static Address free(Address address) throws IOException {
    return address.toBuilder()
        .setSocketAddress(
            address.getSocketAddress().toBuilder()
                .setAddress("127.0.0.3")
                .setPortValue(DrivenZone.freePort("127.0.0.3")))
        .build();
  }

  /** Nothing dials anybody but this host, and what stands for a key is one. */
  private static void moved(JsonElement at) {
    if (at.isJsonArray()) {
      at.getAsJsonArray().forEach(CapturesServeTest::moved);
    } else if (at.isJsonObject()) {
      JsonObject object = at.getAsJsonObject();
      if (object.has("socketAddress")) {
        object.getAsJsonObject("socketAddress").addProperty("address", "127.0.0.3");
      }
      if (object.has("privateKey") && object.has("certificateChain")) {
        object.add("privateKey", inline(OWN.keyPem()));
        object.add("certificateChain", inline(OWN.chainPem()));
      }
      object.entrySet().forEach(each -> moved(each.getValue()));
    }
  }

  private static JsonObject inline(String pem) {
    JsonObject source = new JsonObject();
    source.addProperty(
        "inlineBytes", Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
    return source;
  }

  /** No chain waits for an engine; for a secret it may, for not all of them were recorded. */
  private static void assertServes(ProxyView proxy, ListenerSpec listener) {
    for (ChainSpec chain : listener.chains()) {
      ChainVerdict verdict = ChainVerdict.of(chain, proxy.snapshot());
      assertThat(verdict.action())
          .as(chain.toString())
          .isNotIn(ChainVerdict.Action.WAITING, ChainVerdict.Action.REFUSED);
      Optional<ProxyView.Refusal> refusal =
          proxy.refusal(listener.name(), chain.serverName(), TransportProtocol.TLS);
      if (verdict.reason().contains(" has not been sent")) {
        assertThat(refusal.orElseThrow().detail()).endsWith(": has not arrived");
      } else {
        assertThat(refusal).as(chain.toString()).isNotPresent();
      }
    }
  }

  /** Each either relays, which ends at nobody's port, or says why it refuses. */
  private static void tryChains(DrivenProxy proxy, ListenerSpec listener) throws Exception {
    InetSocketAddress door =
        proxy.proxy.view().listeners().stream()
            .filter(each -> each.name().equals(listener.name()))
            .findFirst()
            .orElseThrow()
            .address();
    Set<CloseReason> ours =
        Set.of(CloseReason.INTERNAL, CloseReason.NO_ROUTE, CloseReason.NOT_SUPPORTED);
    for (ChainSpec chain : listener.chains().stream().limit(MOST_TRIED).toList()) {
      if (chain.tls().isPresent() || chain.serverName().isEmpty()) {
        continue; // one that ends TLS waits for the end of a handshake
      }
      try (RawClient client = RawClient.dial(door, chain.serverName())) {
        client.readToTheEnd();
      }
      ConnectionRecord end = proxy.nextClosed();
      assertThat(end.reason()).as(end.toString()).isNotIn(ours);
      if (end.reason().origin() == Origin.PROXY) {
        assertThat(end.detail()).as(end.toString()).isNotEmpty();
      }
    }
  }
}
