package io.zoneproxy.core.admin;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.text.JsonWriter;
import io.zoneproxy.core.text.Visible;
import java.util.List;
import java.util.SortedMap;

/** {@code /listeners} in Envoy's two forms. */
final class ListenersPage {
  private ListenersPage() {}

  /** Lines of {@code name::address:port}, or of {@code name::path}; names made {@link Visible}. */
  static CharSequence text(List<ListenerStatus> listeners, SortedMap<String, Pipe> pipes) {
    StringBuilder out = new StringBuilder();
    for (ListenerStatus listener : listeners) {
      out.append(Visible.line(listener.name())).append("::");
      out.append(NetUtil.toSocketAddressString(listener.address())).append('\n');
    }
    pipes.forEach((name, at) -> out.append(Visible.line(name + "::" + at.path())).append('\n'));
    return out;
  }

  /** The same as Envoy's message {@code admin.v3.Listeners}. */
  static CharSequence json(List<ListenerStatus> listeners, SortedMap<String, Pipe> pipes) {
    JsonWriter json = new JsonWriter().beginObject().name("listener_statuses").beginArray();
    for (ListenerStatus listener : listeners) {
      json.beginObject().name("name").value(listener.name()).name("local_address");
      String host = NetUtil.toAddressString(listener.address().getAddress());
      writeAddress(json, new HostPort(host, listener.address().getPort()));
      json.endObject();
    }
    pipes.forEach(
        (name, at) -> {
          json.beginObject().name("name").value(name).name("local_address");
          writeAddress(json, at);
          json.endObject();
        });
    return json.endArray().endObject().toString();
  }

  /** Envoy's {@code core.v3.Address}. */
  static void writeAddress(JsonWriter json, Address address) {
    json.beginObject();
    if (address instanceof HostPort at) {
      json.name("socket_address").beginObject();
      json.name("address").value(at.host()).name("port_value").value(at.port());
    } else if (address instanceof Pipe at) {
      json.name("pipe").beginObject().name("path").value(at.path());
    }
    json.endObject().endObject();
  }
}
