package io.zoneproxy.core.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.netty.channel.unix.FileDescriptor;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.relay.Descriptors;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.TestProxy;
import io.zoneproxy.core.relay.TestUpstream;
import io.zoneproxy.core.relay.epoll.EpollRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/**
 * A program that relays some MiB through the best relay of its system, and says what happened; for
 * tests that need a system of its own kind. Arguments: {@code seccomp} denies splice(2) before,
 * {@code pipes} uses up the user's quota of pipe pages before.
 */
final class RelayProcess {
  private static final int BULK = 16 << 20;

  /** More than any quota has room for, at 64 KiB each. */
  private static final int MANY = 4096;

  private static final Path QUOTA = Path.of("/proc/sys/fs/pipe-user-pages-soft");

  private RelayProcess() {}

  public static void main(String[] args) throws Exception {
    log();
    List<String> before = List.of(args);
    if (before.contains("seccomp")) {
      Seccomp.denySplice();
    }
    System.out.println("quota " + Files.readAllLines(QUOTA).get(0));
    Relay relay = Relays.best();
    System.out.println("relay " + relay.name());
    if (relay.name().equals("epoll")) {
      awaitPipeSizes();
    }
    if (before.contains("pipes")) {
      System.out.println("pipes " + takePipes());
    }
    relay(relay);
    System.out.flush();
    System.exit(0); // without waiting for threads
  }

  private static void log() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %logger{0} %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(console);
    root.setLevel(Level.WARN);
  }

  /** The library that sets them is loaded by a thread of its own, through a process with pipes. */
  private static void awaitPipeSizes() throws InterruptedException {
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      if (each.getName().equals("zoneproxy-pipe-size")) {
        each.join();
      }
    }
  }

  /** Opens pipes until the kernel gives but a page or two; how many there were. */
  private static int takePipes() throws IOException {
    int taken = 0;
    int room = Integer.MAX_VALUE;
    ByteBuffer block = ByteBuffer.allocateDirect(64 * 1024);
    while (room > 2 * 4096 && taken < MANY) {
      FileDescriptor[] pipe = FileDescriptor.pipe();
      room = pipe[1].write(block, 0, block.capacity());
      taken++;
    }
    return taken;
  }

  private static void relay(Relay relay) throws IOException {
    byte[] sent = new byte[BULK];
    new Random(1).nextBytes(sent);
    long pipes = Descriptors.pipes();
    try (TestUpstream upstream = new TestUpstream(TestUpstream.ECHO);
        TestProxy proxy = new TestProxy(relay, ProxyConfig.withMaxConnections(10), 1)) {
      proxy.route(Map.of("a", List.of(upstream.address())));
      try (Socket client = proxy.dial("a")) {
        client.getInputStream().skipNBytes(2);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(client, sent));
        byte[] got = client.getInputStream().readNBytes(sent.length);
        writer.join();
        System.out.println("same " + Arrays.equals(got, sent));
        System.out.println("spliced " + (Descriptors.pipes() > pipes));
        if (relay instanceof EpollRelay epoll) {
          System.out.println("bytes " + epoll.pipeBytes());
        }
      }
    }
  }

  private static void write(Socket to, byte[] bytes) {
    try {
      to.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
