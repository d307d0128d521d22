package io.zoneproxy.core.config;

import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.zoneproxy.core.config.yaml.Shown;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mustache variables of a {@code --dataplane-file}, as kuma-dp has them: <code>{{ name }}
 * </code> is replaced, a dot in a variable's name makes a nested context, an unknown variable is
 * empty. Nothing is escaped: the values go into YAML, not HTML.
 */
public final class DataplaneTemplate {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withCollector(new MapsOnly());

  private DataplaneTemplate() {}

  /**
   * Puts the variables in.
   *
   * @param template the file's text
   * @param variables name to value; "a.b" is b within a
   * @throws IllegalArgumentException when the template is malformed, or when a variable is a value
   *     and a context at a time; the message is for the user
   */
  public static String render(String template, Map<String, String> variables) {
    Map<String, Object> context = context(variables);
    try {
      return COMPILER.compile(template).execute(context);
    } catch (MustacheException | UnsupportedOperationException | IndexOutOfBoundsException e) {
      // The library refuses partials by the second, and stumbles over an empty {{}} by the third.
      throw new IllegalArgumentException(
          "is no mustache template: " + Shown.text(String.valueOf(e.getMessage())), e);
    }
  }

  private static Map<String, Object> context(Map<String, String> variables) {
    Map<String, Object> root = new HashMap<>();
    // In order, so that of two names that clash always the same one is blamed.
    new TreeMap<>(variables).forEach((name, value) -> put(root, name, name, value));
    return root;
  }

  private static void put(Map<String, Object> context, String name, String rest, String value) {
    int dot = rest.indexOf('.');
    if (dot < 0) {
      context.put(rest, value);
      return;
    }
    Object inner = context.computeIfAbsent(rest.substring(0, dot), key -> new HashMap<>());
    if (!(inner instanceof Map<?, ?>)) {
      throw new IllegalArgumentException(
          "variable " + name + " (expected: no value for a part of its name, which has one)");
    }
    @SuppressWarnings("unchecked") // every map in here was put by this method
    Map<String, Object> innerContext = (Map<String, Object>) inner;
    put(innerContext, name, rest.substring(dot + 1), value);
  }

  /** Looks into maps only: the library's own collector calls methods of Java objects by name. */
  private static final class MapsOnly extends BasicCollector {
    @Override
    public Mustache.VariableFetcher createFetcher(Object context, String name) {
      return context instanceof Map<?, ?>
          ? MAP_FETCHER
          : (target, key) -> com.samskivert.mustache.Template.NO_FETCHER_FOUND;
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new HashMap<>();
    }
  }
}
