package io.zoneproxy.egress.demo;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All instances of all services, on one event loop: the traffic here is a trickle. */
final class DemoServices implements AutoCloseable {
  /** Without a quiet time Netty ends the loop before closed connections have freed their TLS. */
  private static final long QUIET_MILLIS = 20;

  /** How long the loop may take for all that; it needs some milliseconds. */
  private static final long END_MILLIS = 5_000;

  private final EventLoopGroup loop;
  private final List<DemoService> running = new ArrayList<>();

  private DemoServices(EventLoopGroup loop) {
    this.loop = loop;
  }

  /**
   * Starts every instance of the plan.
   *
   * @throws IOException also when BoringSSL cannot be had on this machine
   */
  static DemoServices start(DemoCertificates certificates)
      throws IOException, GeneralSecurityException {
    if (!OpenSsl.isAvailable()) {
      throw new IOException(
          "the services need BoringSSL, which is there for Linux with glibc on x86_64 and aarch64,"
              + " and a folder for temporary files that can hold its library: "
              + OpenSsl.unavailabilityCause(),
          OpenSsl.unavailabilityCause());
    }
    DemoServices services =
        new DemoServices(
            new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("demo-services", true), NioIoHandler.newFactory()));
    boolean complete = false;
    try {
      for (DemoWorld.Instance plan : DemoWorld.plan()) {
        services.running.add(DemoService.start(services.loop, plan, certificates));
      }
      complete = true;
      return services;
    } finally {
      if (!complete) {
        services.close();
      }
    }
  }

  /** The event loop, for the client and the page; it ends with the services. */
  EventLoopGroup loop() {
    return loop;
  }

  /** What runs, with ports. */
  List<DemoWorld.Instance> instances() {
    return running.stream().map(DemoService::instance).toList();
  }

  /** How many requests an instance answered; 0 when there is none of that name. */
  long requests(String instance) {
    return running.stream()
        .filter(service -> service.instance().name().equals(instance))
        .mapToLong(DemoService::requests)
        .sum();
  }

  @Override
  public void close() {
    running.forEach(DemoService::close);
    loop.shutdownGracefully(QUIET_MILLIS, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }
}
