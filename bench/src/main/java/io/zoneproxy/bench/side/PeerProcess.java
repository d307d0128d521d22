package io.zoneproxy.bench.side;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A peer that runs, with all its processes; or the lack of one, which has none. */
final class PeerProcess implements AutoCloseable {
  /** zoneproxy's launcher makes a class-data archive at its first start, on one CPU. */
  private static final int START_SECONDS = 60;

  private static final int LOOK_MILLIS = 50;

  /** After it a process that did not end when asked is killed. */
  private static final int END_SECONDS = 5;

  private final Place place;
  private final Optional<Process> process;

  private PeerProcess(Place place, Optional<Process> process) {
    this.place = place;
    this.process = process;
  }

  /** Starts it, and waits until it accepts connections. */
  static PeerProcess start(Peer peer, Place place) throws IOException {
    deleteAll(place.folder());
    Files.createDirectories(place.folder());
    Optional<Launch> launch = peer.prepare(place);
    if (launch.isEmpty()) {
      return new PeerProcess(place, Optional.empty());
    }
    PeerProcess started = new PeerProcess(place, Optional.of(run(launch.get(), place)));
    started.awaitPort(peer.name());
    return started;
  }

  private static Process run(Launch launch, Place place) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Cpus.ofLoops(place.loops()).pin(launch.command()));
    builder.environment().putAll(launch.environment());
    return builder.redirectErrorStream(true).redirectOutput(log(place).toFile()).start();
  }

  private static Path log(Place place) {
    return place.folder().resolve("log");
  }

  /** A run's files are kept until the next one, not longer: a watched folder has to begin empty. */
  private static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void awaitPort(String name) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!accepts()) {
      boolean dead = process.stream().noneMatch(Process::isAlive);
      if (dead || System.nanoTime() > deadline) {
        close();
        throw new IOException(
            name + " does not accept connections: " + Files.readString(log(place)).strip());
      }
      pause();
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), place.port()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Place place() {
    return place;
  }

  /** Where clients connect. */
  int port() {
    return process.isPresent() ? place.port() : place.upstreamPort();
  }

  /** Of all its processes; none for a peer that is no process. */
  List<Integer> pids() {
    return handles().stream().map(handle -> (int) handle.pid()).toList();
  }

  /** What it has written to standard output and error. */
  String logText() throws IOException {
    return process.isPresent() ? Files.readString(log(place)) : "";
  }

  private List<ProcessHandle> handles() {
    List<ProcessHandle> handles = new ArrayList<>();
    process.ifPresent(
        running -> {
          handles.add(running.toHandle());
          running.descendants().forEach(handles::add);
        });
    return handles;
  }

  /** Ends all its processes, and waits for that. */
  @Override
  public void close() {
    List<ProcessHandle> handles = handles();
    process.ifPresent(Process::destroy);
    for (ProcessHandle handle : handles) {
      try {
        handle.onExit().get(END_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        handle.destroyForcibly();
      } catch (ExecutionException | TimeoutException e) {
        handle.destroyForcibly();
      }
    }
  }
}
