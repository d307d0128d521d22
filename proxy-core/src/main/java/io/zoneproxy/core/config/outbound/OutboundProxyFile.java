package io.zoneproxy.core.config.outbound;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.text.Visible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the file of {@code --outbound-proxies}: a line each, {@code PATTERN HOST:PORT [FILE]} or
 * {@code PATTERN direct}; {@code #} begins a comment.
 */
public final class OutboundProxyFile {
  private static final String DIRECT = "direct";
  private static final String LINE = "PATTERN HOST:PORT [CREDENTIALS-FILE], or PATTERN direct";
  private static final String ADDRESS = "HOST:PORT, or direct";
  private static final int MOST_WORDS = 3;

  /** 1 MiB: more rules than anybody writes. */
  private static final int MAX_BYTES = 1024 * 1024;

  private final Path file;
  private final Consumer<String> problems;
  private final Map<Path, ProxyCredentials> credentials = new HashMap<>();

  private OutboundProxyFile(Path file, Consumer<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * Reads it.
   *
   * @param problems told of everything that is wrong, a line each; then what is returned is not to
   *     be used
   */
  public static OutboundProxies read(Path file, Consumer<String> problems) {
    return new OutboundProxyFile(file, problems).read();
  }

  private OutboundProxies read() {
    List<OutboundProxies.Rule> rules = new ArrayList<>();
    try {
      List<String> lines = BoundedFile.read(file, MAX_BYTES).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        int comment = lines.get(i).indexOf('#');
        String line = (comment < 0 ? lines.get(i) : lines.get(i).substring(0, comment)).strip();
        if (!line.isEmpty()) {
          rule(line.split("\\s+"), file + ":" + (i + 1) + ": ").ifPresent(rules::add);
        }
      }
    } catch (IOException e) {
      problems.accept(String.valueOf(e.getMessage()));
    }
    return new OutboundProxies(rules);
  }

  private Optional<OutboundProxies.Rule> rule(String[] words, String where) {
    try {
      boolean direct = words.length > 1 && words[1].equals(DIRECT);
      if (words.length < 2 || words.length > (direct ? 2 : MOST_WORDS)) {
        throw new IllegalArgumentException(words.length + " words (expected: " + LINE + ")");
      }
      HostPattern pattern = HostPattern.parse(words[0]);
      if (direct) {
        return Optional.of(new OutboundProxies.Rule(pattern, Optional.empty()));
      }
      HostPort address = address(words[1]);
      Optional<ProxyCredentials> login =
          words.length < MOST_WORDS ? Optional.empty() : Optional.of(credentials(words[2]));
      return Optional.of(
          new OutboundProxies.Rule(pattern, Optional.of(new OutboundProxy(address, login))));
    } catch (IllegalArgumentException | IOException e) {
      problems.accept(where + e.getMessage());
      return Optional.empty();
    }
  }

  /** A relative path is relative to the folder of the file that names it. */
  private ProxyCredentials credentials(String written) throws IOException {
    try {
      Path path = file.resolveSibling(written).normalize();
      if (written.contains(":") && Files.notExists(path)) {
        throw new IOException(
            "the third word is no file (expected: the path of one that holds USER:PASSWORD, and not"
                + " these themselves)"); // which are not shown
      }
      ProxyCredentials known = credentials.get(path);
      if (known == null) {
        known = ProxyCredentials.of(path);
        credentials.put(path, known);
      }
      return known;
    } catch (InvalidPathException e) {
      throw new IOException(Visible.line(written) + ": is no path (expected: a file)", e);
    }
  }

  private static HostPort address(String written) {
    int colon = written.lastIndexOf(':');
    String host = colon < 0 ? "" : written.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean good =
        bracketed
            ? NetUtil.isValidIpV6Address(bare)
            : bare.indexOf(':') < 0 && HostPattern.isHost(bare);
    int port = good ? port(written.substring(colon + 1)) : 0;
    if (port == 0) {
      throw new IllegalArgumentException(
          withoutLogin(written) + " (expected: " + ADDRESS + "; no scheme, no path)");
    }
    return new HostPort(bare, port);
  }

  /** As it can be shown: a URL of a proxy may hold a password. */
  private static String withoutLogin(String written) {
    int at = written.lastIndexOf('@');
    return at < 0 ? Visible.line(written) : "..." + Visible.line(written.substring(at));
  }

  /** 0 when it is none. */
  private static int port(String written) {
    boolean digits =
        !written.isEmpty()
            && written.length() <= 5
            && written.chars().allMatch(each -> each >= '0' && each <= '9'); // 5: those of 65535
    int port = digits ? Integer.parseInt(written) : 0;
    return port > HostPort.MAX_PORT ? 0 : port;
  }
}
