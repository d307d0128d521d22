package io.zoneproxy.cp.bootstrap;

import static java.util.stream.Collectors.joining;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.zoneproxy.cp.bootstrap.BootstrapException.Retry;
import io.zoneproxy.cp.trust.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says in words why a call has given no bootstrap, and what to do. Shows no token. */
final class Refusal {
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNPROCESSABLE = 422;
  private static final int SERVER_ERROR = 500;
  private static final int MOST_TEXT = 500; // characters of an answer that are shown

  private static final String PORT =
      "(expected in --cp-address: the data plane port of a zone's control plane, 5678 by default;"
          + " 5680 to 5685 are other ports of it)";

  private final String where;

  /**
   * @param where host and port
   */
  Refusal(String where) {
    this.where = where;
  }

  private BootstrapException because(String text, Retry retry) {
    return new BootstrapException(where + ": " + text, retry);
  }

  /** The connection, or TLS. */
  BootstrapException of(IOException cause) {
    if (cause instanceof NotSslRecordException) {
      return because("speaks no TLS " + PORT, Retry.SOON);
    }
    if (cause instanceof SSLException) {
      return because("TLS: " + Reason.of(cause), Retry.SOON);
    }
    if (cause instanceof UnknownHostException) {
      return because(
          "the name has no address (expected in --cp-address: a name or an address that this host"
              + " can resolve)",
          Retry.SOON);
    }
    if (cause instanceof SocketTimeoutException) {
      return because("no answer in time " + PORT, Retry.SOON);
    }
    if (cause instanceof ConnectException) {
      return because(
          "nothing listens there, or nothing yet; a global control plane has no such port " + PORT,
          Retry.SOON);
    }
    if (cause instanceof EOFException) {
      return because("closes the connection before it has answered " + PORT, Retry.SOON);
    }
    if (cause instanceof AnswerCheck.NoHttpException) {
      return because("is no HTTP server: " + cause.getMessage() + " " + PORT, Retry.SOON);
    }
    if (cause.getCause() instanceof TooLongFrameException) {
      return because("an answer that is too long for a bootstrap " + PORT, Retry.NEVER);
    }
    return because(Reason.of(cause), Retry.SOON);
  }

  /**
   * An answer that is none.
   *
   * @param status of HTTP, not 200
   */
  BootstrapException of(int status, String body, BootstrapRequest request) {
    String text = shown(body, request);
    return switch (status) {
      case UNPROCESSABLE -> unprocessable(text, request);
      case BAD_REQUEST -> badRequest(text);
      case NOT_FOUND -> notFound(text, request);
      case SERVER_ERROR -> serverError(text, request);
      default -> because("answers " + status + ": " + text + " " + PORT, Retry.SOON);
    };
  }

  private static String shown(String body, BootstrapRequest request) {
    String text =
        body.lines().map(String::strip).filter(each -> !each.isEmpty()).collect(joining(" "));
    if (!request.token().isEmpty()) { // no control plane is known to say it back
      text = text.replace(request.token(), "[token]");
    }
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
  }

  private BootstrapException unprocessable(String text, BootstrapRequest request) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("token is required")) {
      return because(text + " " + tokenFor(request.proxy().type()), Retry.NEVER);
    }
    if (lower.contains("does not exist") && lower.contains("mesh")) {
      return because(
          text + " (expected: --mesh, or mesh in the resource, of a mesh that is there)",
          Retry.NEVER);
    }
    return because(
        "refuses the " + request + ": " + text + " (to be mended in --dataplane-file)",
        Retry.NEVER);
  }

  /** The control plane's own words name the dataplane token, whatever the proxy. */
  private static String tokenFor(String type) {
    String flags = "(expected: --dataplane-token-file, or --dataplane-token";
    return type.equals(ProxyIdentity.DATAPLANE)
        ? flags + ")"
        : flags
            + ", with a zone token: kumactl generate zone-token --zone=ZONE --scope="
            + type
            + ")";
  }

  private BootstrapException badRequest(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("http request to an https server")) {
      return because("speaks TLS (expected: https:// in --cp-address)", Retry.NEVER);
    }
    if (lower.contains("certificate authority")) {
      return because(
          text
              + " (expected: --ca-cert-file with the CA that has signed the control plane's"
              + " certificate, not with that certificate)",
          Retry.NEVER);
    }
    if (text.isEmpty()) {
      return because(
          "does not understand the request (expected: a kuma-cp from 2.9 on)", Retry.NEVER);
    }
    return because(
        text
            + " (expected: a --cp-address whose host is a name of the control plane's certificate,"
            + " also with --skip-verify)",
        Retry.NEVER);
  }

  private BootstrapException notFound(String text, BootstrapRequest request) {
    if (text.isEmpty()) {
      return because(
          "has no resource for the "
              + request
              + " (expected: --dataplane-file, or the resource created there before)",
          Retry.SOON);
    }
    return because("answers 404: " + text + " " + PORT, Retry.NEVER);
  }

  private BootstrapException serverError(String text, BootstrapRequest request) {
    return because(
        "fails with 500 for the "
            + request
            + (text.isEmpty() ? "" : ": " + text)
            + " (it does so when the resource is of another kind than --proxy-type; when the kind"
            + " is ingress or egress, from Kuma 3.0 on, which expects --proxy-type=dataplane and a"
            + " Dataplane with networking.listeners; and when the resource or --ca-cert-file is not"
            + " readable. Its log says which, and holds the token from now on)",
        Retry.RARELY);
  }
}
