package io.zoneproxy.core.observe.access.operator;

import static io.zoneproxy.core.observe.access.operator.Field.present;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.TlsFacts;
import io.zoneproxy.core.observe.access.operator.LoggedConnection.Moment;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Names, numbers and reasons. */
final class ConnectionOperators {
  /** Makes the numbers of this process's connections unlike those of others. */
  private static final UUID PROCESS = UUID.randomUUID();

  private ConnectionOperators() {}

  static void addTo(Map<String, Operator> all) {
    addNames(all);
    addTls(all);
    addReasons(all);
    addBytes(all);
  }

  private static void addNames(Map<String, Operator> all) {
    all.put("CONNECTION_ID", Operator.plain(logged -> logged.connection().id()));
    all.put("STREAM_ID", Operator.plain(ConnectionOperators::streamId));
    all.put("UNIQUE_ID", Operator.plain(logged -> uniqueId()));
    all.put(
        "REQUESTED_SERVER_NAME",
        new Operator(
            Operator.Parameters.OPTIONAL, true, sniOrHost -> ConnectionOperators::serverName));
    all.put("FILTER_CHAIN_NAME", Operator.plain(logged -> present(logged.chainName())));
    all.put("ACCESS_LOG_TYPE", Operator.plain(logged -> logged.moment().label()));
    all.put("HOSTNAME", Operator.plain(logged -> present(HostName.NAME)));
    all.put("UPSTREAM_CLUSTER", Operator.plain(ConnectionOperators::cluster));
    all.put("UPSTREAM_CLUSTER_RAW", Operator.plain(ConnectionOperators::cluster));
    all.put(
        "UPSTREAM_REQUEST_ATTEMPT_COUNT",
        Operator.plain(logged -> (long) logged.connection().connectAttempts()));
    all.put("ENVIRONMENT", Operator.required(ConnectionOperators::environment));
  }

  /** Of TLS that has ended here. */
  private static void addTls(Map<String, Operator> all) {
    all.put("DOWNSTREAM_PEER_URI_SAN", Operator.plain(logged -> present(logged.peerUriSan())));
    all.put("DOWNSTREAM_PEER_DNS_SAN", tls(facts -> String.join(",", facts.peerDnsNames())));
    all.put("DOWNSTREAM_PEER_SUBJECT", tls(TlsFacts::peerSubject));
    all.put("DOWNSTREAM_TLS_VERSION", tls(TlsFacts::version));
    all.put("DOWNSTREAM_TLS_CIPHER", tls(TlsFacts::cipher));
  }

  private static Operator tls(Function<TlsFacts, String> what) {
    return Operator.plain(
        logged -> {
          TlsFacts facts = logged.connection().tls();
          return facts == null ? null : present(what.apply(facts));
        });
  }

  private static void addReasons(Map<String, Operator> all) {
    all.put("RESPONSE_FLAGS", Operator.plain(LoggedConnection::responseFlags));
    all.put(
        "RESPONSE_FLAGS_LONG",
        Operator.plain(logged -> ResponseFlags.inWords(logged.responseFlags())));
    all.put(
        "CONNECTION_TERMINATION_DETAILS",
        Operator.plain(logged -> present(logged.terminationDetails())));
    all.put(
        "UPSTREAM_TRANSPORT_FAILURE_REASON", Operator.plain(ConnectionOperators::connectFailure));
    all.put(
        "DOWNSTREAM_DETECTED_CLOSE_TYPE",
        Operator.plain(logged -> closeType(logged, CloseReason.DOWNSTREAM_RESET)));
    all.put(
        "UPSTREAM_DETECTED_CLOSE_TYPE",
        Operator.plain(logged -> closeType(logged, CloseReason.UPSTREAM_RESET)));
  }

  private static void addBytes(Map<String, Operator> all) {
    Operator up = Operator.plain(logged -> logged.connection().bytesUp());
    Operator down = Operator.plain(logged -> logged.connection().bytesDown());
    all.put("BYTES_RECEIVED", up);
    all.put("DOWNSTREAM_WIRE_BYTES_RECEIVED", up);
    all.put("UPSTREAM_WIRE_BYTES_SENT", up);
    all.put("BYTES_SENT", down);
    all.put("DOWNSTREAM_WIRE_BYTES_SENT", down);
    all.put("UPSTREAM_WIRE_BYTES_RECEIVED", down);
  }

  private static @Nullable String serverName(LoggedConnection logged) {
    return present(ShownText.capped(logged.connection().serverName(), ShownText.MAX_SERVER_NAME));
  }

  private static @Nullable String cluster(LoggedConnection logged) {
    return present(logged.connection().cluster());
  }

  private static @Nullable String connectFailure(LoggedConnection logged) {
    CloseReason reason = logged.connection().reason();
    boolean failed =
        logged.moment() == Moment.ENDED
            && (reason == CloseReason.CONNECT_FAILED
                || reason == CloseReason.CONNECT_TIMEOUT
                || reason == CloseReason.UPSTREAM_TLS_FAILED);
    return failed
        ? present(ShownText.capped(logged.connection().detail(), ShownText.MAX_DETAIL))
        : null;
  }

  private static @Nullable String closeType(LoggedConnection logged, CloseReason reset) {
    CloseReason reason = logged.connection().reason();
    if (logged.moment() != Moment.ENDED) {
      return null;
    } else if (reason == reset) {
      return "RemoteReset";
    }
    return reason == CloseReason.DONE ? "Normal" : null;
  }

  private static Field environment(String name) {
    String value = System.getenv(name); // does not change while the process lives
    return logged -> value;
  }

  /** The same in every record of a connection, and nowhere else. */
  private static String streamId(LoggedConnection logged) {
    long id = logged.connection().id();
    return new UUID(PROCESS.getMostSignificantBits(), PROCESS.getLeastSignificantBits() ^ id)
        .toString();
  }

  private static String uniqueId() {
    ThreadLocalRandom random = ThreadLocalRandom.current(); // nobody may have to guess it
    return version4(random.nextLong(), random.nextLong()).toString();
  }

  /** Sets the bits by which a random UUID is known (RFC 9562, 5.4). */
  private static UUID version4(long high, long low) {
    return new UUID(
        (high & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000, (low & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE);
  }
}
