package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.format.ForwardedFormat;
import io.zoneproxy.core.observe.access.format.LogCondition;
import io.zoneproxy.core.observe.access.format.RecordFormat;
import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access logs that the chains of a control plane ask for. Logs with the same path share a
 * destination; so do those for one address. Each destination has a queue and a thread, and none
 * waits for another. What a destination cannot take is dropped and counted, for each ({@link
 * #dropped()}) and for all ({@link ServerStats#accessLogDropped}).
 */
public final class ChainAccessLogs implements AutoCloseable {
  /** More than the policies of a mesh name; a thread each. */
  static final int MAX_DESTINATIONS = 32;

  /** A quarter of a second of 30,000 connections; all queues full hold some 100 MB. */
  static final int CAPACITY = 8 * 1024;

  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  private final ServerStats stats;
  private final int capacity;
  private final Map<AccessLogSpec, Prepared> prepared = new ConcurrentHashMap<>();
  private final Map<String, LogDestination<Line>> destinations = new HashMap<>();
  private final LargeRecords large = new LargeRecords();
  private final Map<AccessLogSpec, LogCondition> collected = new ConcurrentHashMap<>();
  private final LogCollectors collectors;
  private boolean limitSaid;

  /**
   * Named no more, perhaps not at their end: whoever blocks one must not have a thread each time.
   */
  private final List<Leaving> leaving = new ArrayList<>(); // guarded by this

  private boolean closed;

  /**
   * Without any destination yet.
   *
   * @param collectors get what is for OpenTelemetry
   */
  public ChainAccessLogs(ServerStats stats, LogCollectors collectors) {
    this(stats, collectors, CAPACITY);
  }

  ChainAccessLogs(ServerStats stats, LogCollectors collectors, int capacity) {
    this.stats = stats;
    this.collectors = collectors;
    this.capacity = capacity;
  }

  /**
   * A record and how it is written.
   *
   * @param large bytes of memory that it owes
   */
  private record Line(LoggedConnection connection, RecordFormat format, int large) {}

  /** A destination that is named no more. */
  private record Leaving(LogDestination<Line> destination, long sinceNanos) {
    /** Whether it has ended; when it has had its time it is made to. */
    boolean isGone(long now) {
      boolean late = now - sinceNanos >= AccessLog.CLOSE_LIMIT.toNanos();
      if (late) {
        destination.breakOff();
      }
      return late || destination.isOver();
    }
  }

  private final class Lines implements AccessLogWriter.LineFormat<Line> {
    @Override
    public void append(Line line, StringBuilder out) {
      dropped(line); // it is in memory no longer, whatever comes of it
      line.format().append(line.connection(), out);
    }

    @Override
    public void dropped(Line line) {
      large.giveBack(line.large());
    }
  }

  /**
   * A log, ready for use.
   *
   * @param key of its destination
   * @param destination null when there is none to be had: records are dropped
   */
  private record Prepared(
      LogCondition condition,
      RecordFormat format,
      String key,
      @Nullable LogDestination<Line> destination) {
    /** Whether its destination was closed since, for no chain named it any more. */
    boolean isStale() {
      return destination != null && destination.isRetired();
    }
  }

  /**
   * Writes one record for each of a chain's logs that wants it. Any thread; neither blocks nor
   * throws.
   *
   * @param connection is kept until the record is written
   */
  public void log(LoggedConnection connection, List<AccessLogSpec> logs) {
    for (AccessLogSpec spec : logs) {
      if (spec.sink() instanceof LogTarget.OpenTelemetry collector) {
        collect(spec, collector, connection);
        continue;
      }
      Prepared ready = prepared.get(spec);
      if (ready == null || ready.isStale()) {
        ready = prepared.compute(spec, this::prepareAgain);
      }
      if (ready.condition().test(connection)) {
        write(ready, connection);
      }
    }
  }

  private void write(Prepared ready, LoggedConnection connection) {
    LogDestination<Line> destination = ready.destination();
    int bytes = destination == null ? 0 : large.take(connection);
    if (destination == null) {
      stats.accessLogDropped.increment();
    } else if (bytes < 0) {
      destination.drop();
    } else {
      destination.offer(new Line(connection, ready.format(), bytes));
    }
  }

  private void collect(
      AccessLogSpec spec, LogTarget.OpenTelemetry to, LoggedConnection connection) {
    if (!collected.computeIfAbsent(spec, ChainAccessLogs::condition).test(connection)) {
      return;
    }
    int bytes = large.take(connection);
    if (bytes < 0) {
      stats.accessLogDropped.increment();
    } else {
      collectors.offer(to, new Collected(connection, () -> large.giveBack(bytes)));
    }
  }

  private static LogCondition condition(AccessLogSpec spec) {
    try {
      return AccessLogCheck.condition(spec.filter());
    } catch (IllegalArgumentException e) {
      log.error("access log: not understood, its records are dropped: {}", e.getMessage());
      return connection -> false;
    }
  }

  private Prepared prepareAgain(AccessLogSpec spec, @Nullable Prepared old) {
    return old == null || old.isStale() ? prepare(spec) : old;
  }

  private Prepared prepare(AccessLogSpec spec) {
    try {
      LogTarget.File file = (LogTarget.File) spec.sink();
      LogCondition condition = AccessLogCheck.condition(spec.filter());
      if (ForwardedFormat.isPipe(file.path())) {
        ForwardedFormat forwarded = ForwardedFormat.of(file.format());
        String key = "tcp://" + forwarded.address();
        RecordFormat format = RecordFormat.of(forwarded.message());
        return new Prepared(condition, format, key, destination(key, new TcpSink(forwarded)));
      }
      RecordFormat format = RecordFormat.of(file.format());
      return new Prepared(
          condition, format, file.path(), destination(file.path(), sink(file.path())));
    } catch (IllegalArgumentException e) {
      log.error("access log: not understood, its records are dropped: {}", e.getMessage());
      RecordFormat none = RecordFormat.of(new LogFormat.Text("-"));
      return new Prepared(connection -> true, none, "", null);
    }
  }

  private static LogSink sink(String path) {
    return switch (path) {
      case "/dev/stdout" -> StreamSink.STANDARD_OUTPUT;
      case "/dev/stderr" -> StreamSink.STANDARD_ERROR;
      default -> new RetryingFileSink(Path.of(path));
    };
  }

  /** The destination with this key; null when there are too many. */
  private synchronized @Nullable LogDestination<Line> destination(String key, LogSink sink) {
    LogDestination<Line> known = destinations.get(key);
    if (known != null || closed) {
      return known;
    }
    if (destinations.size() >= MAX_DESTINATIONS) {
      if (!limitSaid) {
        limitSaid = true;
        log.warn(
            "access log: {}: there are {} destinations already, the most that are served; records"
                + " for further ones are dropped and counted",
            key,
            MAX_DESTINATIONS);
      }
      return null;
    }
    LogDestination<Line> fresh =
        new LogDestination<>(
            "zoneproxy-access-log-" + key,
            sink,
            new Lines(),
            new Drops(stats.accessLogDropped),
            capacity);
    destinations.put(key, fresh);
    return fresh;
  }

  /**
   * Makes ready what a new configuration names, and closes the destinations that it does not name
   * any more once they have written what they hold. A connection of an older chain that ends later
   * has its record all the same: its destination is opened anew.
   *
   * @param inForce all logs of all chains
   */
  public void apply(Collection<AccessLogSpec> inForce) {
    Set<AccessLogSpec> wanted = new HashSet<>(inForce);
    prepared.keySet().retainAll(wanted);
    collected.keySet().retainAll(wanted);
    prepare(wanted);
    retireAllBut(keys());
    prepared.values().removeIf(ready -> ready.destination() == null); // there may be room now
    prepare(wanted);
  }

  private void prepare(Set<AccessLogSpec> wanted) {
    for (AccessLogSpec spec : wanted) {
      if (spec.sink() instanceof LogTarget.File) {
        prepared.computeIfAbsent(spec, this::prepare);
      }
    }
  }

  private Set<String> keys() {
    Set<String> keys = new HashSet<>();
    prepared.values().forEach(ready -> keys.add(ready.key()));
    return keys;
  }

  private synchronized void retireAllBut(Set<String> keys) {
    long now = System.nanoTime();
    leaving.removeIf(each -> each.isGone(now));
    destinations
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !keys.contains(entry.getKey());
              if (gone) {
                entry.getValue().retire();
                leaving.add(new Leaving(entry.getValue(), now));
              }
              return gone;
            });
    limitSaid = limitSaid && destinations.size() >= MAX_DESTINATIONS;
  }

  /** Records lost, by destination: a path, or {@code tcp://host:port}. */
  public synchronized Map<String, Long> dropped() {
    Map<String, Long> dropped = new TreeMap<>();
    destinations.forEach((key, destination) -> dropped.put(key, destination.dropped()));
    return dropped;
  }

  /**
   * Writes out what is queued and ends the threads; waits at most five seconds for all together.
   * What comes later is dropped and counted.
   */
  @Override
  public void close() {
    List<LogDestination<Line>> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(destinations.values());
    }
    all.forEach(LogDestination::retire);
    long deadline = System.nanoTime() + AccessLog.CLOSE_LIMIT.toNanos();
    all.forEach(destination -> destination.awaitEnd(deadline));
  }
}
