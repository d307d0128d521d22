package io.zoneproxy.cp.bootstrap;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a token before it is shown to the control plane, which answers the call for the
 * bootstrap whatever the token is, and refuses the stream in few words. The signature is the
 * control plane's to check. Never shows the token.
 */
public final class TokenCheck {
  private static final int PARTS = 3; // of a JWT: header, claims, signature

  private final ProxyIdentity proxy;

  /**
   * @param proxy whose token it is to be
   */
  public TokenCheck(ProxyIdentity proxy) {
    this.proxy = proxy;
  }

  /**
   * What makes it unusable, whatever it says: the same check as kuma-dp's.
   *
   * @param token without white space around it
   */
  public Optional<String> unusable(String token) {
    if (token.isEmpty()) {
      return Optional.of("is empty (expected: the text that kumactl generate printed)");
    }
    if (token.lines().count() > 1) {
      return Optional.of("has several lines (expected: one)");
    }
    return claims(token) == null
        ? Optional.of("is no JWT (expected: three parts with dots between them)")
        : Optional.empty();
  }

  /**
   * What its claims say against it. The control plane may see that otherwise, for its keys and its
   * clock count: a warning each.
   *
   * @param token one that is usable
   */
  public List<String> doubts(String token, Instant now) {
    List<String> doubts = new ArrayList<>();
    JsonObject claims = claims(token);
    if (claims == null) {
      return doubts;
    }
    time(claims, "exp")
        .filter(expiry -> !now.isBefore(expiry))
        .ifPresent(expiry -> doubts.add("has expired at " + expiry + " (expected: a new one)"));
    time(claims, "nbf")
        .filter(now::isBefore)
        .ifPresent(begin -> doubts.add("begins at " + begin + " (expected: clocks that agree)"));
    if (proxy.type().equals(ProxyIdentity.DATAPLANE)) {
      ofDataplane(claims, doubts);
    } else {
      ofZone(claims, doubts);
    }
    return doubts;
  }

  /** Seconds since 1970, as RFC 7519 2 has it, with or without a fraction. */
  private static Optional<Instant> time(JsonObject claims, String claim) {
    JsonElement given = claims.get(claim);
    boolean number =
        given != null && given.isJsonPrimitive() && given.getAsJsonPrimitive().isNumber();
    try {
      return number
          ? Optional.of(Instant.ofEpochSecond((long) given.getAsDouble()))
          : Optional.empty();
    } catch (DateTimeException e) { // in no calendar
      return Optional.empty();
    }
  }

  private void ofZone(JsonObject claims, List<String> doubts) {
    if (claims.has("Mesh")) {
      doubts.add("is a dataplane token (expected: a zone token, kumactl generate zone-token)");
    }
    JsonElement scope = claims.get("Scope");
    if (scope != null && scope.isJsonArray() && !contains(scope.getAsJsonArray(), proxy.type())) {
      doubts.add("has the scope %s (expected: %s in it)".formatted(scope, proxy.type()));
    }
  }

  private void ofDataplane(JsonObject claims, List<String> doubts) {
    if (claims.has("Scope")) {
      doubts.add("is a zone token (expected: kumactl generate dataplane-token)");
    }
    differs(claims, "Name", proxy.name(), doubts);
    differs(claims, "Mesh", proxy.mesh(), doubts);
    if (!proxy.resource().isEmpty()) { // else the control plane has the labels, and we do not
      ofWorkload(Json.text(claims, "Workload"), BootstrapCheck.workload(proxy), doubts);
    }
  }

  private static void ofWorkload(String inToken, String label, List<String> doubts) {
    if (!inToken.isEmpty() && label.isEmpty()) {
      doubts.add(
          "is for Workload %s (expected in the resource: the label kuma.io/workload: %s)"
              .formatted(inToken, inToken));
    } else if (!inToken.isEmpty() && !inToken.equals(label)) {
      doubts.add("is for Workload %s (expected: %s)".formatted(inToken, label));
    }
  }

  private static void differs(
      JsonObject claims, String claim, String expected, List<String> doubts) {
    String given = Json.text(claims, claim);
    if (!given.isEmpty() && !given.equals(expected)) {
      doubts.add("is for %s %s (expected: %s)".formatted(claim, given, expected));
    }
  }

  private static boolean contains(JsonArray scope, String kind) {
    for (JsonElement each : scope) {
      if (each.isJsonPrimitive() && each.getAsString().equals(kind)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable JsonObject claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != PARTS) {
      return null;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(parts[1]);
      return new Gson().fromJson(new String(json, StandardCharsets.UTF_8), JsonObject.class);
    } catch (IllegalArgumentException | JsonParseException e) {
      return null;
    }
  }
}
