package io.zoneproxy.bench.side;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run is about.
 *
 * @param command of {@code bench/run}, for the report
 * @param workloads all that there are, in the report's order
 * @param peers all that there are, in the report's order
 * @param reference whose cost is 1
 * @param certificates folder of the load generator's; empty where no TLS is ended
 */
public record Plan(
    String command,
    List<Workload> workloads,
    List<Peer> peers,
    Reference reference,
    Optional<Path> certificates) {}
