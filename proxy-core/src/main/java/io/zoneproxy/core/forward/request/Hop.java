package io.zoneproxy.core.forward.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** What is said to the next hop only, and is not forwarded (RFC 9110 §7.6.1). */
public final class Hop {
  private static final List<CharSequence> OF_ONE_HOP =
      List.of(
          HttpHeaderNames.CONNECTION,
          "proxy-connection", // in no RFC; old clients send it
          "keep-alive",
          HttpHeaderNames.UPGRADE,
          "http2-settings",
          "x-http2-stream-id", // Netty's own, like the next
          "x-http2-scheme");

  private Hop() {}

  /**
   * Takes it out. How long the message is stays: that it is one message is the codec's to tell.
   *
   * @param headers of a request or a response
   */
  public static void strip(HttpHeaders headers) {
    if (!names(headers, Hop::maybeOfOneHop)) {
      return;
    }
    List<String> named = headers.getAll(HttpHeaderNames.CONNECTION);
    for (String list : named) {
      for (String name : list.split(",", -1)) {
        String token = name.strip();
        // Whoever names these wants the next hop to take the message for another one.
        if (!token.isEmpty() && !isFraming(token)) {
          headers.remove(token);
        }
      }
    }
    for (CharSequence name : OF_ONE_HOP) {
      headers.remove(name);
    }
    List<String> te = headers.getAll(HttpHeaderNames.TE);
    if (!te.isEmpty()) {
      headers.remove(HttpHeaderNames.TE);
      if (te.stream().anyMatch(one -> one.toLowerCase(Locale.ROOT).contains("trailers"))) {
        headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS); // gRPC asks for it
      }
    }
  }

  private static boolean isFraming(String name) {
    return HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
  }

  /** Whether one of the names is such; most messages have none, and this is cheap. */
  private static boolean names(HttpHeaders headers, Predicate<CharSequence> test) {
    Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
    while (each.hasNext()) {
      if (test.test(each.next().getKey())) {
        return true;
      }
    }
    return false;
  }

  private static boolean maybeOfOneHop(CharSequence name) {
    if (AsciiString.contentEqualsIgnoreCase(HttpHeaderNames.TE, name)) {
      return true;
    }
    for (CharSequence one : OF_ONE_HOP) {
      if (one.length() == name.length() && AsciiString.contentEqualsIgnoreCase(one, name)) {
        return true;
      }
    }
    return false;
  }

  /** Takes out what begins with one of these; a header of the codec's own, for example. */
  static void stripPrefixes(HttpHeaders headers, List<String> prefixes) {
    if (!names(headers, name -> begins(name, prefixes))) {
      return;
    }
    for (String name : headers.names()) {
      if (begins(name, prefixes)) {
        headers.remove(name);
      }
    }
  }

  private static boolean begins(CharSequence name, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length())) {
        return true;
      }
    }
    return false;
  }
}
