package io.zoneproxy.core.admin;

import java.util.HashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param status HTTP status code
 * @param contentType value of that header
 * @param body not changed any more once it is here
 * @param headers further ones, lower-case names
 */
public record AdminResponse(
    int status, String contentType, CharSequence body, Map<String, String> headers) {
  private static final String TEXT = "text/plain; charset=UTF-8";
  private static final String JSON = "application/json";
  private static final String HTML = "text/html; charset=UTF-8";
  private static final int OK = 200;

  public AdminResponse {
    headers = Map.copyOf(headers);
  }

  /** 200 with plain text. */
  public static AdminResponse text(CharSequence body) {
    return text(OK, body);
  }

  /** Plain text with a status. */
  public static AdminResponse text(int status, CharSequence body) {
    return new AdminResponse(status, TEXT, body, Map.of());
  }

  /** 200 with JSON. */
  public static AdminResponse json(CharSequence body) {
    return new AdminResponse(OK, JSON, body, Map.of());
  }

  /** 200 with a page of a browser. */
  public static AdminResponse html(CharSequence body) {
    return new AdminResponse(OK, HTML, body, Map.of());
  }

  /** The same with one more header. */
  public AdminResponse withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new AdminResponse(status, contentType, body, more);
  }
}
