package io.zoneproxy.cp.bootstrap;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Asks the control plane for the bootstrap. Blocks; for any thread. */
public final class BootstrapClient {
  /** As kuma-dp's. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNPROCESSABLE = 422;
  private static final int MOST_TEXT = 500; // characters of an answer that are shown

  private final URI address;
  private final HttpClient http;

  /**
   * Connects to nothing yet.
   *
   * @param address scheme, host and port count; the path does not, as with kuma-dp
   * @param tls whom to trust
   */
  public BootstrapClient(URI address, SSLContext tls) {
    this.address = address.resolve("/bootstrap");
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // or the Java client would upgrade in vain
            .connectTimeout(TIMEOUT)
            .sslContext(tls)
            .build();
  }

  /**
   * Calls once.
   *
   * @throws BootstrapException with what is wrong, in words that say what to do
   * @throws InterruptedException when the thread is to end
   */
  public Bootstrap call(BootstrapRequest request) throws BootstrapException, InterruptedException {
    HttpRequest post =
        HttpRequest.newBuilder(address)
            .timeout(TIMEOUT)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toJson()))
            .build();
    HttpResponse<String> answer;
    try {
      answer = http.send(post, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw failed(e);
    }
    if (answer.statusCode() != OK) {
      throw refused(answer.statusCode(), answer.body(), request);
    }
    return Bootstrap.read(answer.body());
  }

  private BootstrapException failed(IOException cause) {
    String where = address.getHost() + ":" + address.getPort();
    if (cause instanceof SSLException) {
      return new BootstrapException(
          where
              + ": TLS: "
              + cause.getMessage()
              + " (expected: a certificate for this host, signed by a CA of --ca-cert-file, or of"
              + " the system without it)",
          true);
    }
    if (cause instanceof HttpTimeoutException) {
      return new BootstrapException(
          where + ": no answer within " + TIMEOUT.toSeconds() + " s", true);
    }
    if (unknownHost(cause)) {
      return new BootstrapException(where + ": the name has no address", true);
    }
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new BootstrapException(
          where
              + ": nothing listens there (expected: the data plane port of a zone's control plane,"
              + " 5678 by default; a global one has none)",
          true);
    }
    return new BootstrapException(where + ": " + cause, true);
  }

  private static boolean unknownHost(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException || at instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  private BootstrapException refused(int status, String body, BootstrapRequest request) {
    String text = body.strip();
    String shown = text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    return switch (status) {
      case UNPROCESSABLE ->
          new BootstrapException("the control plane refuses " + request + ": " + shown, false);
      case BAD_REQUEST -> badRequest(shown);
      case NOT_FOUND -> notFound(shown, request);
      default ->
          new BootstrapException(
              "the control plane answers "
                  + status
                  + (shown.isEmpty() ? "" : ": " + shown)
                  + " (it says so when the resource is of another kind than --proxy-type, which"
                  + " from Kuma 3.0 on may be dataplane only, or is not readable; its log says"
                  + " which)",
              true);
    };
  }

  private static BootstrapException badRequest(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("http request to an https server")) {
      return new BootstrapException(
          "the control plane speaks TLS there (expected: https:// in --cp-address)", false);
    }
    if (lower.contains("certificate authority")) {
      return new BootstrapException(
          text
              + " (expected: --ca-cert-file with the CA that signed the control plane's"
              + " certificate)",
          false);
    }
    return new BootstrapException(
        "the control plane refuses the call: "
            + text
            + " (it does so when the host of --cp-address is no name of its certificate)",
        false);
  }

  private static BootstrapException notFound(String text, BootstrapRequest request) {
    if (text.isEmpty()) {
      return new BootstrapException(
          "the control plane has no resource for "
              + request
              + " (expected: --dataplane-file, or the resource created there before)",
          true);
    }
    return new BootstrapException(
        text
            + ": this is not the data plane port of a control plane (expected: port 5678 by default"
            + " in --cp-address; 5681 is its API)",
        false);
  }
}
