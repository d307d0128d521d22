package io.zoneproxy.core.relay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A program with a proxy in it, for {@link DescriptorShortageTest}; it ends with its input. */
final class ShortOfDescriptors {
  private ShortOfDescriptors() {}

  public static void main(String[] args) throws Exception {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    loadClasses();
    HostPort upstream = new HostPort("127.0.0.1", Integer.parseInt(args[0]));
    try (TestProxy proxy =
        new TestProxy(RelayKind.valueOf(args[1]), ProxyConfig.withMaxConnections(100_000), 2)) {
      proxy.route(Map.of("a", List.of(upstream)));
      System.out.println("port " + proxy.port());
      while (System.in.read() >= 0) {
        System.out.println("exhausted " + proxy.server.descriptorsExhausted.sum());
      }
    }
  }

  /**
   * Users run a jar that is open all the time. Here classes are files of their own, and jars are
   * opened at their first use: no descriptor would be left for that.
   */
  private static void loadClasses() throws IOException, URISyntaxException {
    ClassLoader loader = ShortOfDescriptors.class.getClassLoader();
    loader.getResources("no/such/resource"); // opens every jar
    Path root = Path.of(Relay.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        String path = root.relativize(file).toString();
        load(loader, path.substring(0, path.length() - ".class".length()).replace('/', '.'));
      }
    }
  }

  private static void load(ClassLoader loader, String name) {
    try {
      Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e); // it was there a moment ago
    }
  }
}
