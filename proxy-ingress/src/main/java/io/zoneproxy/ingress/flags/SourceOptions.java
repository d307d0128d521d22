package io.zoneproxy.ingress.flags;

import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags that say where the configuration comes from. */
public final class SourceOptions {
  private static final String ANY = "this program";

  @Option(
      names = "--resources",
      paramLabel = "DIR|FILE",
      defaultValue = "",
      description = "Kuma resource files: the proxy runs without a control plane.")
  String resources = "";

  @Option(
      names = "--zone",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The own zone; needed with --resources.")
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

  /** The folder or file of {@code --resources}; empty when it is not given. */
  public Optional<Path> resources() {
    try {
      return resources.isEmpty() ? Optional.empty() : Optional.of(Path.of(resources));
    } catch (InvalidPathException e) {
      throw new UsageException("--resources: is no path (expected: a folder or a file)");
    }
  }

  /** The own zone's name; "" when it is not given. */
  public String zone() {
    return zone;
  }

  /**
   * The own resources, one for each role.
   *
   * @param proxyType as the flag has it; more files than it names roles find theirs by their kinds
   * @param environment may name the files instead
   */
  public List<OwnProxy> own(
      Roles roles, String proxyType, InputStream standardInput, Map<String, String> environment) {
    List<OwnProxy> own = new ArrayList<>();
    for (Read text : ofRoles(roles, proxyType, standardInput, environment)) {
      own.add(text.proxy(own));
    }
    return own;
  }

  /**
   * The same for a control plane: with their texts, and empty when it has the resources already.
   *
   * @param proxyType as for {@link #own}
   * @param environment may name the files instead
   */
  public List<ManagedProxy> managed(
      Roles roles, String proxyType, InputStream standardInput, Map<String, String> environment) {
    if (dataplane.isEmpty() && Variables.files(environment, dataplaneFiles).isEmpty()) {
      return List.of();
    }
    List<OwnProxy> own = new ArrayList<>();
    List<ManagedProxy> managed = new ArrayList<>();
    for (Read text : ofRoles(roles, proxyType, standardInput, environment)) {
      refuseMesh(text.own);
      OwnProxy proxy = text.proxy(own);
      own.add(proxy);
      managed.add(ManagedProxy.of(proxy, text.own.text()));
    }
    return managed;
  }

  /** A mesh is read past in files; a control plane refuses the proxy, in words that do not help. */
  private static void refuseMesh(OwnResource own) {
    own.problems().stream()
        .filter(problem -> problem.field().equals("mesh"))
        .findFirst()
        .ifPresent(
            problem -> {
              throw new UsageException(problem.toString());
            });
  }

  /** Those of the asked roles, each good. */
  private List<Read> ofRoles(
      Roles roles, String proxyType, InputStream standardInput, Map<String, String> environment) {
    List<ProxyRole> asked = roles.of(proxyType);
    List<String> files = Variables.files(environment, dataplaneFiles);
    boolean byKind = files.size() > asked.size();
    List<ProxyRole> allowed = byKind ? roles.all() : asked;
    List<Read> texts = read(files, allowed, byKind ? ANY : why(proxyType), standardInput);
    if (!byKind && texts.size() != asked.size()) {
      throw new UsageException(
          "%s with %d own resources (expected: %d, by --dataplane-file)"
              .formatted(flag(proxyType), texts.size(), asked.size()));
    }
    refuseBad(texts);
    return texts;
  }

  private static void refuseBad(List<Read> texts) {
    if (texts.stream().anyMatch(text -> text.own.resource().isEmpty())) {
      throw UsageException.ofErrors(
          "--dataplane-file",
          texts.stream().flatMap(text -> text.own.problems().stream()).toList());
    }
  }

  /** The own resources of any role, good or bad, as far as some are given. */
  public List<OwnResource> anyOwn(Roles roles, InputStream standardInput) {
    return read(dataplaneFiles, roles.all(), ANY, standardInput).stream().map(Read::own).toList();
  }

  private static String flag(String proxyType) {
    return "--proxy-type=" + proxyType;
  }

  /** Nobody may have written the default. */
  private static String why(String proxyType) {
    return flag(proxyType) + (proxyType.equals(Roles.DEFAULT_TYPE) ? ", the default" : "");
  }

  private static OwnResource.Expected expected(List<ProxyRole> roles, String because) {
    return new OwnResource.Expected(
        roles.stream().<Class<? extends Resource>>map(ProxyRole::ownKind).toList(), because);
  }

  private List<Read> read(
      List<String> files, List<ProxyRole> allowed, String because, InputStream standardInput) {
    Map<String, String> values = variables();
    OwnResource.Expected expected = expected(allowed, because);
    List<Read> all = new ArrayList<>();
    for (String file : files) {
      all.add(new Read(file, allowed, OwnResource.read(file, standardInput, values, expected)));
    }
    if (all.isEmpty() && !dataplane.isEmpty()) {
      String from = "--dataplane";
      all.add(new Read(from, allowed, OwnResource.parse(from, dataplane, values, expected)));
    }
    return all;
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

  private record Read(String from, List<ProxyRole> allowed, OwnResource own) {
    /** With the role of its kind, which none of the others has taken. */
    OwnProxy proxy(List<OwnProxy> others) {
      Resource resource = own.resource().orElseThrow();
      ProxyRole role =
          allowed.stream()
              .filter(one -> one.ownKind().isInstance(resource))
              .findFirst()
              .orElseThrow(); // the kind was checked when it was read
      if (others.stream().anyMatch(other -> other.role().equals(role))) {
        throw new UsageException(
            "%s: a second %s (expected: one for each role)"
                .formatted(from, resource.meta().type()));
      }
      return new OwnProxy(role, resource);
    }
  }
}
