package io.zoneproxy.egress.demo.outside;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.egress.identity.CertificateMaker.Made;
import io.zoneproxy.ingress.translate.ServerNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Calls to what is outside of the mesh, through one egress: a member that a policy allows and one
 * that none does, to each service. Counts and judges what comes back. For one thread.
 */
public final class OutsideCalls implements AutoCloseable {
  /** The member that policies allow. */
  public static final String CLIENT = "client";

  /** The member that none does. */
  public static final String STRANGER = "stranger";

  /** A MeshExternalService has the hash form, which {@code curl} can ask for. */
  static final String WEATHER_NAME = ServerNames.ofMeshExternalService("weather", 443, "default");

  /** An ExternalService has the tag form. */
  private static final String CLOCK_NAME = ServerNames.ofTags("clock", "default", Map.of());

  private static final String REQUEST =
      "GET /today HTTP/1.1\r\nHost: weather\r\nConnection: close\r\n\r\n";

  private static final List<Call> CALLS =
      List.of(
          new Call(CLIENT, "weather, HTTPS", WEATHER_NAME, "200, " + OutsideServices.WEATHER),
          new Call(STRANGER, "weather, HTTPS", WEATHER_NAME, "403"),
          new Call(CLIENT, "clock, TCP", CLOCK_NAME, OutsideServices.CLOCK),
          new Call(STRANGER, "clock, TCP", CLOCK_NAME, Call.CLOSED));

  private final InetSocketAddress door;
  private final List<Call> calls;
  private final Map<String, OutsideCaller> callers;
  private final AtomicLongArray right = new AtomicLongArray(CALLS.size());
  private final AtomicLongArray wrong = new AtomicLongArray(CALLS.size());

  /** One kind of call, and what must come of it. */
  private record Call(String caller, String service, String serverName, String expected) {
    /** A connection that ends without a word. */
    private static final String CLOSED = "closed";

    boolean isHttp() {
      return serverName.equals(WEATHER_NAME);
    }

    /** What came, in the words of the expectation. */
    String outcome(String heard) {
      if (!isHttp()) {
        return heard.isEmpty() ? CLOSED : heard.strip();
      }
      String[] words = heard.split(" ", 3);
      String status = words.length > 1 ? words[1] : heard.strip();
      boolean told = heard.contains("\r\n\r\n" + OutsideServices.WEATHER);
      return told ? status + ", " + OutsideServices.WEATHER : status;
    }

    String title() {
      return caller + " -> " + service;
    }
  }

  /**
   * @param door of the egress
   * @param loop runs connections; the caller closes it
   * @param authority of the mesh
   * @param members by {@link #CLIENT} and {@link #STRANGER}; none = there is nothing to call
   */
  public OutsideCalls(
      InetSocketAddress door,
      EventLoopGroup loop,
      X509Certificate authority,
      Map<String, Made> members)
      throws IOException {
    this.door = door;
    this.calls = members.isEmpty() ? List.of() : CALLS;
    this.callers = new HashMap<>();
    for (Map.Entry<String, Made> each : members.entrySet()) {
      callers.put(each.getKey(), new OutsideCaller(loop, authority, each.getValue()));
    }
  }

  /**
   * Makes each call some times, in turns.
   *
   * @param stop ends it early, which is wrong as well
   * @return what was wrong, each once; empty when all was right
   */
  public Set<String> sendRounds(int rounds, CountDownLatch stop) {
    Set<String> faults = new TreeSet<>();
    for (int i = 0; i < rounds * kinds(); i++) {
      if (stop.getCount() == 0) {
        faults.add("stopped");
        return faults;
      }
      send(i % kinds()).ifPresent(faults::add);
    }
    return faults;
  }

  /** Who calls whom. */
  public String title(int kind) {
    return calls.get(kind).title();
  }

  /** The name by which weather is asked for, which {@code curl} can send. */
  public String weatherName() {
    return WEATHER_NAME;
  }

  /** How many kinds of call there are. */
  public int kinds() {
    return calls.size();
  }

  /**
   * Calls once; blocks until it is over.
   *
   * @param kind 0 to {@link #kinds()} - 1
   * @return what was wrong, after the words of what was tried; empty when all was right
   */
  public Optional<String> send(int kind) {
    Call call = calls.get(kind);
    String outcome;
    try {
      String words = call.isHttp() ? REQUEST : "what time is it?\n";
      outcome = call.outcome(caller(call).call(door, call.serverName(), words));
    } catch (IOException e) {
      outcome = String.valueOf(e.getMessage());
    }
    boolean good = outcome.equals(call.expected());
    (good ? right : wrong).incrementAndGet(kind);
    return good
        ? Optional.empty()
        : Optional.of("%s: %s (expected: %s)".formatted(call.title(), outcome, call.expected()));
  }

  /** What was called how often, and what came of it. */
  public String table() {
    if (calls.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    String line = "  %-26s  %-10s  %5s  %9s%n";
    text.append(line.formatted("outside, of the egress", "expected", "right", "otherwise"));
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      text.append(line.formatted(call.title(), call.expected(), right.get(i), wrong.get(i)));
    }
    return text.toString();
  }

  private OutsideCaller caller(Call call) throws IOException {
    OutsideCaller caller = callers.get(call.caller());
    if (caller == null) {
      throw new IOException(call.caller() + ": has no certificate");
    }
    return caller;
  }

  /** Frees the keys. */
  @Override
  public void close() {
    callers.values().forEach(OutsideCaller::close);
    callers.clear();
  }
}
