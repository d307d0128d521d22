package io.zoneproxy.ingress.flags;

import io.zoneproxy.cp.bootstrap.ProxyIdentity;
import io.zoneproxy.cp.bootstrap.TokenCheck;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gives each proxy its token, after a look at it. No message shows a token. */
final class Tokens {
  private static final String FILE = "--dataplane-token-file";
  private static final String INLINE = "--dataplane-token";

  /** Tokens have one or two kilobytes; what is longer is another file. */
  private static final long MAX_BYTES = 64 * 1024;

  private final String inline;
  private final List<String> files;

  /**
   * @param inline "" = none; wins over files, as in kuma-dp
   * @param files one for all proxies, or one each; empty = none
   */
  Tokens(String inline, List<String> files) {
    this.inline = inline;
    this.files = files;
  }

  /**
   * The same proxies with tokens.
   *
   * @throws UsageException when a token is missing or unusable
   */
  List<ManagedProxy> give(List<ManagedProxy> proxies) {
    if (inline.isEmpty() && files.size() > 1 && files.size() != proxies.size()) {
      throw new UsageException(
          "%d times %s with %d proxy types (expected: once, or once for each)"
              .formatted(files.size(), FILE, proxies.size()));
    }
    List<ManagedProxy> given = new ArrayList<>();
    for (int i = 0; i < proxies.size(); i++) {
      given.add(proxies.get(i).with(origin(proxies.get(i), i)));
    }
    return given;
  }

  private TokenOrigin origin(ManagedProxy proxy, int index) {
    if (!inline.isEmpty()) {
      check(INLINE, inline.strip(), proxy);
      return new TokenOrigin.Inline(inline.strip());
    }
    if (files.isEmpty()) {
      return new TokenOrigin.None();
    }
    String file = files.get(files.size() == 1 ? 0 : index);
    Path path = Paths.of(FILE, file);
    check(FILE + "=" + file, read(path, file).strip(), proxy);
    return new TokenOrigin.File(path);
  }

  private static String read(Path path, String file) {
    try {
      if (Files.isDirectory(path) || Files.size(path) > MAX_BYTES) {
        throw new UsageException(
            FILE + "=" + file + " is no token (expected: a file of at most 64 KiB)");
      }
      return Files.readString(path);
    } catch (MalformedInputException e) {
      throw new UsageException(FILE + "=" + file + " is no token (expected: a file of text)");
    } catch (NoSuchFileException e) {
      throw new UsageException(FILE + "=" + file + ": no such file (expected: one with a token)");
    } catch (IOException e) {
      throw new UsageException(
          "%s=%s: cannot be read: %s (expected: a file with a token)"
              .formatted(FILE, file, e.getMessage()));
    }
  }

  private static void check(String where, String token, ManagedProxy proxy) {
    ProxyIdentity identity =
        new ProxyIdentity(proxy.role().proxyType(), proxy.name(), proxy.mesh(), proxy.resource());
    new TokenCheck(identity)
        .unusable(token)
        .ifPresent(
            reason -> {
              throw new UsageException(where + ": the token " + reason);
            });
  }
}
