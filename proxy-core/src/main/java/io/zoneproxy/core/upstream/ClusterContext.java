package io.zoneproxy.core.upstream;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.upstream.health.ProbeSlots;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the clusters of a proxy share.
 *
 * @param names resolves the names of endpoints
 * @param control where endpoints are probed and taken back; null: nobody's health is looked after
 * @param random any long, uniformly; any thread
 * @param probes bounds the sockets of health checks
 */
public record ClusterContext(
    NameTable names, @Nullable EventLoop control, LongSupplier random, ProbeSlots probes) {
  /** Of a proxy. */
  public ClusterContext(NameTable names, @Nullable EventLoop control) {
    this(names, control, () -> ThreadLocalRandom.current().nextLong(), new ProbeSlots());
  }
}
