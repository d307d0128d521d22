package io.zoneproxy.core.resource.policy;

import java.util.List;
import java.util.Map;

/**
 * Who may call whom, in the older form.
 *
 * @param sources tags of callers, any of them
 * @param destinations tags of services, any of them
 */
public record TrafficPermission(
    List<Map<String, String>> sources, List<Map<String, String>> destinations)
    implements PolicySpec {
  /** Takes any value of a tag. */
  public static final String ANY = "*";

  public TrafficPermission {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
  }
}
