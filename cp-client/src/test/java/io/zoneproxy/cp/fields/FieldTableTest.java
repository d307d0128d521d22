package io.zoneproxy.cp.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldTableTest {
  private static FieldTable parse(String text) throws Exception {
    return FieldTable.parse(new BufferedReader(new StringReader(text)));
  }

  /** Every field that a resource can have, however deep, by its full name. */
  private static Set<String> existing() {
    List<Descriptor> roots = new ArrayList<>(XdsTypes.KNOWN.all());
    roots.add(Listener.getDescriptor());
    roots.add(Cluster.getDescriptor());
    roots.add(ClusterLoadAssignment.getDescriptor());
    roots.add(Secret.getDescriptor());
    Set<String> fields = new HashSet<>();
    Set<Descriptor> seen = new HashSet<>();
    roots.forEach(root -> collect(root, seen, fields));
    return fields;
  }

  private static void collect(Descriptor type, Set<Descriptor> seen, Set<String> fields) {
    if (seen.add(type)) {
      for (FieldDescriptor field : type.getFields()) {
        fields.add(field.getFullName());
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          collect(field.getMessageType(), seen, fields);
        }
      }
    }
  }

  @Test
  void namesOnlyFieldsThatExist() {
    assertThat(existing()).containsAll(FieldTable.load().rules().keySet());
  }

  @Test
  void refusesWhatItDoesNotName() throws Exception {
    FieldTable table = parse("[a.B]\nhonoured c");
    assertThat(table.rule("a.B.c").fieldClass()).isEqualTo(FieldClass.HONOURED);
    assertThat(table.rule("a.B.d").fieldClass()).isEqualTo(FieldClass.REFUSED);
  }

  @Test
  void hasAReasonForEachFieldThatIsNotHonoured() {
    assertThat(FieldTable.load().rules().values())
        .filteredOn(rule -> rule.fieldClass() != FieldClass.HONOURED)
        .allMatch(rule -> !rule.reason().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a.B]\nharmless c",
        "[a.B]\nwaiting c #",
        "[a.B]\nhonored c",
        "[a.B]\nhonoured c\nwaiting c # later"
      })
  void takesNoLineThatSaysTooLittleOrTooMuch(String text) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
