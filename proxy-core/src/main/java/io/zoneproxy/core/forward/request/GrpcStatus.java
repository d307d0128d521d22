package io.zoneproxy.core.forward.request;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** How an answer in HTTP's terms is told to a client of gRPC. */
public final class GrpcStatus {
  /** Where it stands: in the trailers, or in the only headers. */
  public static final String HEADER = "grpc-status";

  private static final int UNKNOWN = 2;
  private static final int PERMISSION_DENIED = 7;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private GrpcStatus() {}

  /** The status for one of HTTP, as gRPC's document "HTTP to gRPC Status Code Mapping" has it. */
  public static int of(int http) {
    return switch (http) {
      case 400 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404 -> UNIMPLEMENTED;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> UNKNOWN;
    };
  }

  /** A message as gRPC wants it in a header: percent-encoded. */
  public static String message(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
