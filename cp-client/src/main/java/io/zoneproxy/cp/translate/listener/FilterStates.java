package io.zoneproxy.cp.translate.listener;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.cp.translate.log.LogFormats;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;

/** Notes of the downstream for routes to look at. */
final class FilterStates {
  /** {@code on_downstream_tls_handshake}, which the message here does not have yet. */
  private static final int ON_TLS_HANDSHAKE = 2;

  /** What a value may be made by; other factories make other things than texts. */
  private static final String TEXT_FACTORY = "envoy.string";

  private FilterStates() {}

  static List<NetworkFilter> of(Config from, Problems problems) {
    List<NetworkFilter> filters = new ArrayList<>();
    for (int i = 0; i < from.getOnNewConnectionCount(); i++) {
      add(from.getOnNewConnection(i), filters, problems.at("on_new_connection", i));
    }
    List<ByteString> newer =
        from.getUnknownFields().getField(ON_TLS_HANDSHAKE).getLengthDelimitedList();
    for (int i = 0; i < newer.size(); i++) {
      Problems at = problems.at("on_downstream_tls_handshake", i);
      try {
        add(FilterStateValue.parseFrom(newer.get(i)), filters, at);
      } catch (InvalidProtocolBufferException e) {
        at.add("not readable: " + e.getMessage(), "a FilterStateValue");
      }
    }
    return filters;
  }

  private static void add(FilterStateValue from, List<NetworkFilter> filters, Problems problems) {
    if (from.getObjectKey().isEmpty()) {
      problems.at("object_key").add("empty", "a key");
    }
    if (!from.getFactoryKey().equals(TEXT_FACTORY)) {
      problems.at("factory_key").add(from.getFactoryKey(), TEXT_FACTORY);
    }
    LogFormats.of(from.getFormatString(), problems.at("format_string"))
        .ifPresent(
            format -> {
              if (format instanceof LogFormat.Text text) {
                filters.add(new NetworkFilter.SetFilterState(from.getObjectKey(), text.format()));
              } else {
                problems.at("format_string").add("json_format", "text_format_source");
              }
            });
  }
}
