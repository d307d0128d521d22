package io.zoneproxy.core.forward;

import io.zoneproxy.core.model.NetworkFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a chain's filters note of a downstream when its handshake is done. Immutable. */
final class FilterStates {
  private static final String PEER = "%DOWNSTREAM_PEER_URI_SAN%";
  private static final String SERVER_NAME = "%REQUESTED_SERVER_NAME%";

  private final List<NetworkFilter.SetFilterState> filters;

  private FilterStates(List<NetworkFilter.SetFilterState> filters) {
    this.filters = filters;
  }

  /**
   * Those of a chain.
   *
   * @throws IllegalArgumentException for what is asked for beside the peer and the server name
   */
  static FilterStates of(List<NetworkFilter> filters) {
    List<NetworkFilter.SetFilterState> some = new ArrayList<>();
    for (NetworkFilter filter : filters) {
      if (filter instanceof NetworkFilter.SetFilterState one) {
        if (value(one, "", "").contains("%")) {
          throw new IllegalArgumentException(
              "filter state %s: %s (expected: %s, %s or text)"
                  .formatted(one.key(), one.value(), PEER, SERVER_NAME));
        }
        some.add(one);
      }
    }
    return new FilterStates(List.copyOf(some));
  }

  /** The keys that hold something. */
  Map<String, String> note(String peerUriSan, String serverName) {
    Map<String, String> noted = new HashMap<>();
    for (NetworkFilter.SetFilterState filter : filters) {
      String value = value(filter, peerUriSan, serverName);
      if (!value.isEmpty()) {
        noted.put(filter.key(), value);
      }
    }
    return noted;
  }

  private static String value(
      NetworkFilter.SetFilterState filter, String peerUriSan, String serverName) {
    return filter.value().replace(PEER, peerUriSan).replace(SERVER_NAME, serverName);
  }
}
