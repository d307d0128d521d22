package io.zoneproxy.core.observe.access.operator;

import io.zoneproxy.core.observe.request.LoggedHeaders;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Operators for headers and trailers, and for what stands in them. */
final class HeaderOperators {
  private static final String PATH = ":path";
  private static final String ORIGINAL_PATH = "x-envoy-original-path";
  private static final String GRPC_STATUS = "grpc-status";

  /** By number, as gRPC's list of status codes has them. */
  private static final List<String> GRPC_NAMES =
      List.of(
          "OK",
          "Canceled",
          "Unknown",
          "InvalidArgument",
          "DeadlineExceeded",
          "NotFound",
          "AlreadyExists",
          "PermissionDenied",
          "ResourceExhausted",
          "FailedPrecondition",
          "Aborted",
          "OutOfRange",
          "Unimplemented",
          "Internal",
          "Unavailable",
          "DataLoss",
          "Unauthenticated");

  private HeaderOperators() {}

  static void addTo(Map<String, Operator> all) {
    for (String name : List.of("REQ", "REQUEST_HEADER")) {
      named(all, name, RequestRecord::request, UnaryOperator.identity());
    }
    for (String name : List.of("RESP", "RESPONSE_HEADER")) {
      named(all, name, RequestRecord::response, UnaryOperator.identity());
    }
    for (String name : List.of("TRAILER", "RESPONSE_TRAILER")) {
      named(all, name, RequestRecord::trailers, UnaryOperator.identity());
    }
    named(all, "REQ_WITHOUT_QUERY", RequestRecord::request, HeaderOperators::withoutQuery);
    RequestOperators.addNamed(all, "PATH", HeaderOperators::path);
    RequestOperators.addNamed(all, "QUERY_PARAM", name -> request -> parameter(uri(request), name));
    RequestOperators.addNamed(
        all,
        "QUERY_PARAMS",
        which -> request -> query(which.equals("ORIG") ? uri(request) : get(request, PATH)));
    RequestOperators.addNamed(all, "GRPC_STATUS", form -> request -> grpc(request, form));
    RequestOperators.add(all, "GRPC_STATUS_NUMBER", request -> grpc(request, "NUMBER"));
  }

  /** A name, and others that stand in for it when it is not there: {@code A?B}. */
  private static void named(
      Map<String, Operator> all,
      String operator,
      Function<RequestRecord, LoggedHeaders> of,
      UnaryOperator<String> form) {
    RequestOperators.addNamed(
        all,
        operator,
        parameter -> {
          List<String> names = names(parameter);
          return request -> {
            String value = first(of.apply(request), names);
            return value == null ? null : form.apply(value);
          };
        });
  }

  private static List<String> names(String parameter) {
    List<String> names =
        Arrays.stream(parameter.split("\\?", -1))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    if (names.contains("")) {
      throw new IllegalArgumentException("the name of a header, or several with ? between");
    }
    return names;
  }

  private static @Nullable String first(LoggedHeaders headers, List<String> names) {
    for (String name : names) {
      String value = headers.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String get(RequestRecord request, String name) {
    return request.request().get(name);
  }

  /** As the downstream asked for it. */
  private static @Nullable String uri(RequestRecord request) {
    return first(request.request(), List.of(ORIGINAL_PATH, PATH));
  }

  /** {@code WQ} or {@code NQ}, with query or without; then which path: both have a default. */
  private static RequestOperators.Of path(String parameters) {
    String[] parts = parameters.split(":", -1);
    String which = parts.length > 1 ? parts[1] : "ORIG_OR_PATH";
    List<String> names =
        switch (which) {
          case "ORIG" -> List.of(ORIGINAL_PATH);
          case "PATH" -> List.of(PATH);
          case "ORIG_OR_PATH" -> List.of(ORIGINAL_PATH, PATH);
          default -> throw new IllegalArgumentException("ORIG, PATH or ORIG_OR_PATH, not " + which);
        };
    boolean bare = parts[0].equals("NQ");
    return request -> {
      String value = first(request.request(), names);
      return value == null || !bare ? value : withoutQuery(value);
    };
  }

  private static String withoutQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static @Nullable String query(@Nullable String uri) {
    int query = uri == null ? -1 : uri.indexOf('?');
    return uri == null || query < 0 ? null : uri.substring(query + 1);
  }

  /** As it was sent: nothing is decoded. */
  private static @Nullable String parameter(@Nullable String uri, String name) {
    String query = query(uri);
    if (query == null) {
      return null;
    }
    for (String one : query.split("&", -1)) {
      int end = one.indexOf('=');
      if ((end < 0 ? one : one.substring(0, end)).equals(name)) {
        return end < 0 ? "" : one.substring(end + 1);
      }
    }
    return null;
  }

  /** Of calls only: a status is there, in the trailers or in the only headers. */
  private static @Nullable Object grpc(RequestRecord request, String form) {
    String told = request.trailers().get(GRPC_STATUS);
    String status = told == null ? request.response().get(GRPC_STATUS) : told;
    if (status == null) {
      return null;
    }
    int number;
    try {
      number = Integer.parseInt(status.strip());
    } catch (NumberFormatException e) {
      return "InvalidCode"; // as Envoy
    }
    if (form.equals("NUMBER")) {
      return (long) number;
    } else if (number < 0 || number >= GRPC_NAMES.size()) {
      return Integer.toString(number);
    }
    String name = GRPC_NAMES.get(number);
    return form.equals("SNAKE_STRING") ? snake(name) : name;
  }

  private static String snake(String name) {
    return name.equals("OK")
        ? name
        : name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
