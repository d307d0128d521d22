package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say where the configuration comes from. */
final class SourceOptions {
  @Option(
      names = "--resources",
      paramLabel = "DIR|FILE",
      description = "Kuma resource files: the proxy runs without a control plane.")
  @Nullable Path resources;

  @Option(names = "--zone", paramLabel = "NAME", defaultValue = "", description = "The own zone.")
  String zone = "";

  @Option(
      names = {"-d", "--dataplane-file"},
      paramLabel = "FILE",
      description = "The own resource; - = standard input. Twice for two roles.")
  List<String> dataplaneFiles = new ArrayList<>();

  @Option(
      names = "--dataplane",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "The own resource itself, instead of a file.")
  String dataplane = "";

  @Option(
      names = {"-v", "--dataplane-var"},
      paramLabel = "K=V",
      split = ",",
      description = "Variable of the own resource's template.")
  List<String> variables = new ArrayList<>();

  /**
   * The own resources, one for each role.
   *
   * @param proxyType as the flag has it; more files than it names roles find theirs by their kinds
   */
  List<OwnProxy> own(Roles roles, String proxyType, InputStream standardInput) {
    List<ProxyRole> asked = roles.of(proxyType);
    boolean byKind = dataplaneFiles.size() > asked.size();
    List<ProxyRole> allowed = byKind ? roles.all() : asked;
    List<Read> texts = texts(allowed, byKind ? "this program" : flag(proxyType), standardInput);
    if (!byKind && texts.size() != asked.size()) {
      throw new UsageException(
          "%s with %d own resources (expected: %d, by --dataplane-file)"
              .formatted(flag(proxyType), texts.size(), asked.size()));
    }
    List<OwnProxy> own = new ArrayList<>();
    for (Read read : texts) {
      ProxyRole role = roleOf(allowed, read.resource);
      if (own.stream().anyMatch(other -> other.role().equals(role))) {
        throw new UsageException(
            "%s: a second %s (expected: one for each role)"
                .formatted(read.from, read.resource.meta().type()));
      }
      own.add(new OwnProxy(role, read.resource));
    }
    return own;
  }

  private static String flag(String proxyType) {
    return "--proxy-type=" + proxyType;
  }

  private List<Read> texts(List<ProxyRole> roles, String because, InputStream standardInput) {
    OwnResource.Expected expected =
        new OwnResource.Expected(
            roles.stream().<Class<? extends Resource>>map(ProxyRole::ownKind).toList(), because);
    List<Read> all = new ArrayList<>();
    for (String file : dataplaneFiles) {
      all.add(read(file, OwnResource.read(file, standardInput, variables(), expected)));
    }
    if (all.isEmpty() && !dataplane.isEmpty()) {
      all.add(
          read("--dataplane", OwnResource.parse("--dataplane", dataplane, variables(), expected)));
    }
    return all;
  }

  private static Read read(String from, OwnResource own) {
    Resource resource = own.resource().orElseThrow(() -> new UsageException(lines(own.problems())));
    return new Read(from, resource);
  }

  private static ProxyRole roleOf(List<ProxyRole> roles, Resource resource) {
    return roles.stream()
        .filter(role -> role.ownKind().isInstance(resource))
        .findFirst()
        .orElseThrow(); // the kind was checked when it was read
  }

  private Map<String, String> variables() {
    Map<String, String> map = new HashMap<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--dataplane-var=" + variable + " (expected: name=value)");
      }
      map.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return map;
  }

  /** Errors first, one a line. */
  static String lines(List<Problem> problems) {
    return problems.stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .map(Problem::toString)
        .collect(Collectors.joining("\n"));
  }

  private record Read(String from, Resource resource) {}
}
