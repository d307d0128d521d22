package io.zoneproxy.cp.fields;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Every field that a kuma-cp has been seen to set for a zone proxy has a class, and none is
 * refused. A row of the inventory is a message and a path in it, in proto-JSON.
 */
final class SentFieldsTest {
  private static final int ROWS = 640; // as the inventory counts them itself

  private static final String PATH_END = " => "; // and the type of the Any that is there
  private static final String VALUES = "google.protobuf.";

  // Columns of the inventory.
  private static final int MESSAGE = 0;
  private static final int PATH = 1;
  private static final int ON_ZONE_PROXIES = 3;
  private static final int RECORDED = 29;

  private final FieldTable table = FieldTable.load();
  private final Map<String, Descriptor> types = new HashMap<>();

  SentFieldsTest() {
    List<Descriptor> all = new ArrayList<>(XdsTypes.KNOWN.all());
    all.add(Listener.getDescriptor());
    all.add(Cluster.getDescriptor());
    all.add(ClusterLoadAssignment.getDescriptor());
    all.add(Secret.getDescriptor());
    all.forEach(type -> types.put(type.getFullName(), type));
  }

  private static List<String[]> rows() throws IOException {
    return Files.readAllLines(KumaFacts.need("reference/kuma-xds-fields.tsv")).stream()
        .skip(1) // the head
        .map(line -> line.split("\t", -1))
        .toList();
  }

  private static boolean isSet(String[] row, int column) {
    return !row[column].isEmpty() && !row[column].equals("0");
  }

  /** What becomes of the field at the end of the path: below one that waits it waits too. */
  private FieldClass classOf(String[] row) {
    String[] steps = row[PATH].split(PATH_END, -1)[0].replace("[]", "").split("\\.", -1);
    Optional<Descriptor> at = Optional.ofNullable(types.get(row[MESSAGE]));
    boolean waits = false;
    FieldClass last = FieldClass.REFUSED;
    for (int i = 0; i < steps.length && at.isPresent(); i++) {
      if (steps[i].startsWith("{")) {
        continue; // key of a map
      }
      Optional<FieldDescriptor> found = find(at.get(), steps[i]);
      if (found.isEmpty()) {
        return FieldClass.REFUSED;
      }
      last = table.rule(found.get().getFullName()).fieldClass();
      waits |= last == FieldClass.WAITING;
      if (last == FieldClass.REFUSED) {
        return last;
      }
      at = below(found.get());
    }
    return waits && last == FieldClass.HONOURED ? FieldClass.WAITING : last;
  }

  private static Optional<FieldDescriptor> find(Descriptor type, String json) {
    return type.getFields().stream().filter(field -> field.getJsonName().equals(json)).findAny();
  }

  /** The message of a field; empty when what stands below is a value, such as JSON. */
  private static Optional<Descriptor> below(FieldDescriptor field) {
    FieldDescriptor value =
        field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
    if (value.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return Optional.empty();
    }
    Descriptor type = value.getMessageType();
    return type.getFullName().startsWith(VALUES) ? Optional.empty() : Optional.of(type);
  }

  private Map<FieldClass, List<String>> classes(List<String[]> rows) {
    Map<FieldClass, List<String>> classes = new EnumMap<>(FieldClass.class);
    for (String[] row : rows) {
      classes
          .computeIfAbsent(classOf(row), any -> new ArrayList<>())
          .add(row[MESSAGE] + " " + row[PATH]);
    }
    return classes;
  }

  @Test
  void everyRowOfAZoneProxyHasAClassAndNoneIsRefused() throws IOException {
    List<String[]> rows = rows().stream().filter(row -> isSet(row, ON_ZONE_PROXIES)).toList();
    Map<FieldClass, List<String>> classes = classes(rows);
    classes.forEach((name, fields) -> System.out.println(name + " " + fields.size()));
    assertThat(rows).hasSize(ROWS);
    assertThat(classes.getOrDefault(FieldClass.REFUSED, List.of())).isEmpty();
    assertThat(classes.values().stream().mapToInt(List::size).sum()).isEqualTo(ROWS);
  }

  @Test
  void nothingThatWasRecordedOrIsReachableInResourcesIsRefused() throws IOException {
    List<String[]> rows =
        rows().stream()
            .filter(row -> isSet(row, RECORDED) && types.containsKey(row[MESSAGE]))
            .toList();
    assertThat(classes(rows).getOrDefault(FieldClass.REFUSED, List.of())).isEmpty();
  }
}
