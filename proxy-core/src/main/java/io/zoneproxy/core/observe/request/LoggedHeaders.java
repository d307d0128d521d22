package io.zoneproxy.core.observe.request;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a message, or its trailers, as records show them. A peer chose the values: escape
 * them, and never use one as a label. They change no more once a record has them; any thread.
 */
public interface LoggedHeaders {
  /** There are none. */
  LoggedHeaders NONE =
      new LoggedHeaders() {
        @Override
        public @Nullable String get(String name) {
          return null;
        }

        @Override
        public int bytes() {
          return 0;
        }
      };

  /**
   * A value.
   *
   * @param name in lower case; a request has {@code :method}, {@code :path}, {@code :authority} and
   *     {@code :scheme}, a response {@code :status}
   * @return several of one name with commas between; null when there is none
   */
  @Nullable String get(String name);

  /** Bytes of all names and values, without what stands between them. */
  int bytes();
}
