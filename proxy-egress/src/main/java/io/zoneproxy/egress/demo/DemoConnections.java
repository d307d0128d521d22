package io.zoneproxy.egress.demo;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** What passed the doors: counters of each, and the last connections. Without locks. */
public final class DemoConnections {
  /** As many as one can read on a page that changes each second. */
  static final int KEPT = 16;

  private final AtomicReferenceArray<Passed> last = new AtomicReferenceArray<>(KEPT);
  private final AtomicLong count = new AtomicLong();
  private final Map<String, DoorStats> doors = new ConcurrentHashMap<>();

  /** The kinds of zone proxy. */
  public enum Door {
    /** The way out. */
    EGRESS,
    /** The way in. */
    INGRESS;

    /** As it stands in texts. */
    String word() {
      return this == EGRESS ? "egress" : "ingress";
    }
  }

  /** The observer for a proxy; event loops may call it. */
  public ConnectionObserver observer(String zone, Door door) {
    DoorStats stats = stats(zone, door);
    String name = zone + " " + door.word();
    return closed -> {
      stats.add(closed);
      last.set((int) (count.getAndIncrement() % KEPT), new Passed(name, closed));
    };
  }

  /** The counters of a door; all zero before its first connection. */
  DoorStats stats(String zone, Door door) {
    return doors.computeIfAbsent(zone + " " + door.word(), name -> new DoorStats());
  }

  /** The last connections, newest first. */
  List<Passed> latest() {
    List<Passed> found = new ArrayList<>(KEPT);
    long end = count.get();
    for (long i = end - 1; i >= 0 && i >= end - KEPT; i--) {
      Passed passed = last.get((int) (i % KEPT));
      if (passed != null) { // its number is given out a moment before it is set
        found.add(passed);
      }
    }
    return found;
  }

  /**
   * One connection through one door.
   *
   * @param door zone and kind, for example {@code east egress}
   * @param closed its record
   */
  record Passed(String door, ConnectionRecord closed) {}

  /** Counters of a door. */
  static final class DoorStats {
    private final LongAdder connections = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final LongAdder bytesUp = new LongAdder();
    private final LongAdder bytesDown = new LongAdder();

    private void add(ConnectionRecord closed) {
      connections.increment();
      bytesUp.add(closed.bytesUp());
      bytesDown.add(closed.bytesDown());
      // What the demo's own end cuts is nobody's fault.
      if (closed.reason() != CloseReason.DRAINED && closed.reason().origin() != Origin.NONE) {
        faults.increment();
      }
    }

    /** Connections that ended. */
    long connections() {
      return connections.sum();
    }

    /** Those among them that ended otherwise than in order. */
    long faults() {
      return faults.sum();
    }

    /** Bytes towards the services. */
    long bytesUp() {
      return bytesUp.sum();
    }

    /** Bytes towards the clients. */
    long bytesDown() {
      return bytesDown.sum();
    }
  }
}
