package io.zoneproxy.core.forward;

import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.observe.request.LoggedHeaders;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers for records. They are not copied: when the request is over nobody changes them.
 *
 * @param headers of the message
 */
record SeenHeaders(HttpHeaders headers) implements LoggedHeaders {
  @Override
  public @Nullable String get(String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? null : String.join(",", values);
  }

  @Override
  public int bytes() {
    return bytes(headers);
  }

  static int bytes(HttpHeaders headers) {
    int bytes = 0;
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> one = all.next();
      bytes += one.getKey().length() + one.getValue().length();
    }
    return bytes;
  }
}
