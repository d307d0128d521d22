package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Work;
import io.zoneproxy.bench.side.Workload.Kind;
import io.zoneproxy.bench.side.Workload.Unit;
import java.util.ArrayList;
import java.util.List;

/** All that can be measured, in the report's order. */
final class Workloads {
  /** Connections that requests are dealt to, in all workloads with requests. */
  private static final int REQUEST_CONNECTIONS = 50;

  /** A number that shows the cost of one connection, and half of what 20,000 descriptors allow. */
  static final int IDLE_CONNECTIONS = 5_000;

  private static final int KIB = 1024;

  private Workloads() {}

  /** All. */
  static List<Workload> all() {
    List<Workload> all = new ArrayList<>();
    for (int connections : new int[] {1, 4, 64}) {
      all.add(bulk("down", Work.Kind.DOWNLOAD, connections, 1));
    }
    for (int connections : new int[] {1, 4, 64}) {
      all.add(bulk("up", Work.Kind.UPLOAD, connections, 1));
    }
    all.add(connect(16, 1));
    all.add(connect(64, 1));
    all.add(request("ping-4k", "1 KiB ping, 4,000/s", ping(4_000)));
    all.add(request("ping-30k", "1 KiB ping, 30,000/s", ping(30_000)));
    all.add(request("answer-16k", "16 KiB answers, 8,000/s", answers(8_000, 16 * KIB)));
    all.add(request("answer-128k", "128 KiB answers, 2,500/s", answers(2_500, 128 * KIB)));
    all.add(bulk("down", Work.Kind.DOWNLOAD, 8, 2));
    all.add(connect(64, 2));
    all.add(idle());
    all.add(pushes());
    return all;
  }

  /**
   * Those whose id begins with one of these; all when there is none.
   *
   * @throws IllegalArgumentException when a beginning fits no id
   */
  static List<Workload> of(List<String> beginnings) {
    return of(all(), beginnings);
  }

  /** The same of some others. */
  static List<Workload> of(List<Workload> all, List<String> beginnings) {
    for (String beginning : beginnings) {
      if (all.stream().noneMatch(each -> each.id().startsWith(beginning))) {
        throw new IllegalArgumentException(
            "--workloads: "
                + beginning
                + " (expected: the beginning of one of "
                + all.stream().map(Workload::id).toList()
                + ")");
      }
    }
    return all.stream()
        .filter(each -> beginnings.isEmpty() || beginnings.stream().anyMatch(each.id()::startsWith))
        .toList();
  }

  private static Workload bulk(String way, Work.Kind direction, int connections, int loops) {
    return new Workload(
        "bulk-" + way + "-" + connections + suffix(loops),
        "bulk " + way + ", " + connections + (connections == 1 ? " connection" : "") + in(loops),
        Unit.GIGABYTE,
        Work.bulk(direction, connections),
        loops,
        Kind.COST);
  }

  private static Workload connect(int atATime, int loops) {
    return new Workload(
        "conn-" + atATime + suffix(loops),
        "new connections, " + atATime + " at a time" + in(loops),
        Unit.CONNECTION,
        Work.connect(atATime),
        loops,
        Kind.COST);
  }

  private static Workload request(String id, String title, Work work) {
    return new Workload(id, title, Unit.REQUEST, work, 1, Kind.COST);
  }

  private static Workload idle() {
    return new Workload(
        "idle",
        "memory of an idle connection",
        Unit.IDLE_CONNECTION,
        Work.idle(IDLE_CONNECTIONS),
        1,
        Kind.MEMORY);
  }

  private static Workload pushes() {
    return new Workload(
        "pushes",
        "new connections, 16 at a time, 100 configuration pushes/s",
        Unit.CONNECTION,
        Work.connect(16),
        1,
        Kind.PUSHES);
  }

  private static Work ping(int perSecond) {
    return Work.ping(REQUEST_CONNECTIONS, perSecond);
  }

  private static Work answers(int perSecond, int bytes) {
    return Work.answers(REQUEST_CONNECTIONS, perSecond, bytes);
  }

  private static String suffix(int loops) {
    return loops == 1 ? "" : "-2loops";
  }

  private static String in(int loops) {
    return loops == 1 ? "" : ", 2 loops on 2 CPUs";
  }
}
