package io.zoneproxy.cp.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.cp.Recordings;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Answers of a real control plane, when there is a folder with them. */
final class CapturesTest {
  @TestFactory
  Stream<DynamicTest> servesAllThatAControlPlaneHasSent() throws IOException {
    return Recordings.files().stream()
        .filter(file -> read(file).has("resources"))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> serve(file)));
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(Path file) {
    JsonObject root = read(file);
    olderLogs(root);
    Capture capture = Capture.read(root.toString(), XdsTypes.KNOWN);
    assertThat(capture.problems()).isEmpty();
    List<RawResource> raw = new ArrayList<>();
    for (ResourceType type : ResourceType.values()) {
      capture.messages(type).forEach(message -> raw.add(raw(type, message)));
    }
    Assembled assembled = Assembler.of(FieldGate.OPEN, raw);
    // kuma-cp may repeat a check; Envoy refuses such a cluster, and so do we
    assertThat(assembled.notices().problems())
        .allMatch(problem -> problem.matches("Cluster/.*[.]health_checks: \\d+ checks .*"));
    Set<String> refused = assembled.notices().refused().keySet();
    assertThat(assembled.notices().notes()).isEmpty();
    assertThat(assembled.notices().warming()).isEmpty();
    assertThat(assembled.notices().missing())
        .allMatch(cluster -> refused.contains("Cluster/" + cluster));
    assertThat(chains(assembled)).isEqualTo(chains(root));
    for (ListenerSpec listener : assembled.snapshot().listeners()) {
      for (ChainSpec chain : listener.chains()) {
        assertThat(refused.isEmpty() && chain.terminal() instanceof Terminal.Refusal).isFalse();
      }
    }
    assertThat(assembled.snapshot().clusters())
        .hasSize(
            root.getAsJsonObject("resources").getAsJsonArray("clusters").size() - refused.size());
  }

  private static RawResource raw(ResourceType type, Message message) {
    try {
      return RawResource.of(type, "1", message.toByteString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int chains(Assembled assembled) {
    return assembled.snapshot().listeners().stream().mapToInt(each -> each.chains().size()).sum();
  }

  private static int chains(JsonObject root) {
    int chains = 0;
    for (JsonElement listener : root.getAsJsonObject("resources").getAsJsonArray("listeners")) {
      JsonArray of = listener.getAsJsonObject().getAsJsonArray("filterChains");
      chains += of == null ? 0 : of.size();
    }
    return chains;
  }

  /** Fields that the messages of today lack, as JSON would not read them; their form before. */
  private static void olderLogs(JsonElement at) {
    if (at.isJsonArray()) {
      at.getAsJsonArray().forEach(CapturesTest::olderLogs);
    } else if (at.isJsonObject()) {
      JsonObject object = at.getAsJsonObject();
      if (object.has("@type")
          && object.get("@type").getAsString().endsWith("OpenTelemetryAccessLogConfig")) {
        JsonObject common = new JsonObject();
        for (String field : List.of("logName", "grpcService")) {
          if (object.has(field)) {
            common.add(field, object.remove(field));
          }
        }
        object.add("commonConfig", common);
      }
      object.entrySet().forEach(each -> olderLogs(each.getValue()));
    }
  }
}
