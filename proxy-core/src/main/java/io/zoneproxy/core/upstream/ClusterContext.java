package io.zoneproxy.core.upstream;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.config.outbound.OutboundProxies;
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
 * @param outside guards the ways to external services
 * @param proxies through which others these ways lead
 */
public record ClusterContext(
    NameTable names,
    @Nullable EventLoop control,
    LongSupplier random,
    ProbeSlots probes,
    Outside outside,
    OutboundProxies proxies) {
  /** No proxies are asked. */
  public ClusterContext(
      NameTable names,
      @Nullable EventLoop control,
      LongSupplier random,
      ProbeSlots probes,
      Outside outside) {
    this(names, control, random, probes, outside, OutboundProxies.NONE);
  }

  /** Nothing is guarded. */
  public ClusterContext(
      NameTable names, @Nullable EventLoop control, LongSupplier random, ProbeSlots probes) {
    this(names, control, random, probes, Outside.open());
  }

  /** Of a proxy that guards the ways to external services, and asks others for some. */
  public ClusterContext(
      NameTable names, EventLoop control, Outside outside, OutboundProxies proxies) {
    this(
        names,
        control,
        () -> ThreadLocalRandom.current().nextLong(),
        new ProbeSlots(),
        outside,
        proxies);
  }

  /** Of a proxy. */
  public ClusterContext(NameTable names, @Nullable EventLoop control) {
    this(names, control, () -> ThreadLocalRandom.current().nextLong(), new ProbeSlots());
  }
}
