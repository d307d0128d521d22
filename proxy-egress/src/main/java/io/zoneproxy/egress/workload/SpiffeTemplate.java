package io.zoneproxy.egress.workload;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.ingress.policy.OwnLabels;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The templates of a MeshIdentity: text with {@code {{ .Name }}} and {@code {{ label "name" }}}. A
 * control plane takes all that Go's templates can; nothing else is known to be written there.
 */
final class SpiffeTemplate {
  private static final Pattern PLACE =
      Pattern.compile("\\{\\{-?\\s*(?:\\.([A-Za-z]+)|label\\s+\"([^\"]*)\")\\s*-?}}");

  private SpiffeTemplate() {}

  /**
   * Fills it in.
   *
   * @param field for messages
   * @param values by name; none may be empty
   * @param labels of the resource that is asked for them
   */
  static String fill(
      String field, String template, Map<String, String> values, Map<String, String> labels)
      throws NoIdentityException {
    StringBuilder text = new StringBuilder();
    Matcher place = PLACE.matcher(template);
    while (place.find()) {
      String name = place.group(1);
      String value =
          name == null ? labels.getOrDefault(place.group(2), "") : values.getOrDefault(name, "");
      if (value.isEmpty()) {
        throw new NoIdentityException(
            "%s %s: %s has no value (expected: %s)"
                .formatted(
                    field,
                    Shown.text(template),
                    Shown.text(place.group()),
                    expected(name, place.group(2), values)));
      }
      place.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    place.appendTail(text);
    if (text.indexOf("{{") >= 0) {
      throw new NoIdentityException(
          "%s %s is not understood (expected: text with {{ .Name }} and {{ label \"name\" }})"
              .formatted(field, Shown.text(template)));
    }
    return text.toString();
  }

  private static String expected(String name, String label, Map<String, String> values) {
    if (name == null) {
      return "the label " + label;
    }
    return name.equals("Workload")
        ? "the label " + OwnLabels.WORKLOAD + " of the Dataplane"
        : "one of ." + String.join(", .", values.keySet().stream().sorted().toList());
  }
}
