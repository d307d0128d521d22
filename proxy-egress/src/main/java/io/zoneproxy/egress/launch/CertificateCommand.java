package io.zoneproxy.egress.launch;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.tls.SpiffeId;
import io.zoneproxy.egress.identity.BuiltinAuthorities;
import io.zoneproxy.egress.identity.CertificateFiles;
import io.zoneproxy.egress.identity.Issued;
import io.zoneproxy.egress.identity.MeshAuthority;
import io.zoneproxy.egress.identity.UnusableAuthorityException;
import io.zoneproxy.ingress.flags.DurationConverter;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code egress.jar certificate}: a data plane's certificate, for trying things out. */
@Command(
    description = {
      "Issues the certificate of a data plane from a CA that a proxy makes, for trying things out:",
      "a mesh's builtin one, or that of a MeshIdentity.",
      "The CA is the one that a proxy with the same --work-dir has; it is made when there is none."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class CertificateCommand implements Callable<Integer> {
  /** What stands in a URI as it is: no blank, no slash, nothing that ends it. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._~-]+");

  /** Tags have slashes in their names. */
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9._~/-]+");

  /** The SPIFFE ID specification, §2. */
  private static final Pattern SPIFFE_ID =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]{1,255}){1,8}");

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(names = "--mesh", paramLabel = "NAME", required = true, description = "The mesh.")
  String mesh = "";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The service, as kuma.io/service has it: spiffe://MESH/SERVICE.")
  String service = "";

  @Option(
      names = "--spiffe-id",
      paramLabel = "URI",
      defaultValue = "",
      description = "Instead of --service, of a MeshIdentity: spiffe://TRUST-DOMAIN/PATH.")
  String spiffeId = "";

  @Option(
      names = "--tag",
      paramLabel = "K=V",
      description = "One more tag: kuma://K/V. May be repeated.")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      required = true,
      description = "The one of the proxy.")
  String workDir = "";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The mesh's enabledBackend; needed when the folder has none of the mesh yet.")
  String backend = "";

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "With --spiffe-id: the MeshIdentity; needed when the folder has none of the mesh yet.")
  String identity = "";

  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      defaultValue = "24h",
      converter = DurationConverter.class,
      description = "From now on (${DEFAULT-VALUE}).")
  Duration lifetime = Duration.ZERO;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Takes cert.pem, key.pem (mode 0600) and ca.pem.")
  String out = "";

  @Override
  public Integer call() {
    Map<String, String> checked = tags();
    word("--mesh", mesh);
    checkWho(checked);
    if (lifetime.isZero()) {
      throw new UsageException("--valid-for=0 (expected: a time above zero)");
    }
    Path folder = path("--out", out);
    try {
      BuiltinAuthorities all = new BuiltinAuthorities(path("--work-dir", workDir));
      MeshAuthority authority = spiffeId.isEmpty() ? ofMesh(all) : ofIdentity(all);
      Issued issued =
          spiffeId.isEmpty()
              ? authority.issue(mesh, service, checked, lifetime)
              : authority.issue(spiffeId, lifetime);
      CertificateFiles.write(folder, issued, authority);
      PrintWriter said = spec.commandLine().getOut();
      said.printf(
          "%s: %s until %s%n",
          folder.resolve("cert.pem"),
          spiffeId.isEmpty() ? "spiffe://%s/%s".formatted(mesh, service) : spiffeId,
          issued.until());
      said.flush();
      return ExitCode.OK;
    } catch (UnusableAuthorityException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UsageException(
          "--out=%s: %s (expected: a folder that can be written)"
              .formatted(out, e.getClass().getSimpleName()));
    }
  }

  private void checkWho(Map<String, String> checked) {
    if (service.isEmpty() == spiffeId.isEmpty()) {
      throw new UsageException(
          "one of --service and --spiffe-id is needed, not both (expected: --service=NAME of a mesh"
              + " with an mTLS backend, --spiffe-id=URI of one with a MeshIdentity)");
    }
    boolean older = !backend.isEmpty() || !checked.isEmpty();
    if (spiffeId.isEmpty() ? !identity.isEmpty() : older) {
      throw new UsageException(
          spiffeId.isEmpty()
              ? "--identity goes with --spiffe-id (expected: --backend)"
              : "--backend and --tag go with --service (expected: --identity, and no tags)");
    }
    if (spiffeId.isEmpty()) {
      word("--service", service);
    } else if (!SPIFFE_ID.matcher(spiffeId).matches()
        || SpiffeId.trustDomain(spiffeId).isEmpty()) { // a segment ".."
      throw new UsageException(
          "--spiffe-id=%s (expected: spiffe://TRUST-DOMAIN/PATH, of letters, digits, '.', '-', '_')"
              .formatted(Shown.text(spiffeId)));
    }
  }

  private MeshAuthority ofMesh(BuiltinAuthorities all) throws UnusableAuthorityException {
    List<String> there = all.backends(mesh);
    String name = known("--backend", backend, there);
    List<String> others = others(all);
    MeshAuthority authority = all.authority(mesh, name);
    if (!there.contains(name)) {
      sayNew("backend " + name, others);
    }
    return authority;
  }

  private MeshAuthority ofIdentity(BuiltinAuthorities all) throws UnusableAuthorityException {
    List<String> there = all.identities(mesh);
    String name = known("--identity", identity, there);
    List<String> others = others(all);
    MeshAuthority authority = all.authorityOfIdentity(mesh, name);
    if (!there.contains(name)) {
      sayNew("MeshIdentity " + name, others);
    }
    return authority;
  }

  private String known(String flag, String given, List<String> there) {
    if (!given.isEmpty() || there.size() == 1) {
      return given.isEmpty() ? there.get(0) : given;
    }
    throw new UsageException(
        "%s is missing: %s has %s of mesh %s (expected: %s)"
            .formatted(
                flag,
                workDir,
                there.isEmpty() ? "no CA" : String.join(" and ", there),
                mesh,
                flag.equals("--backend")
                    ? "the mesh's mtls.enabledBackend"
                    : "the name of its MeshIdentity"));
  }

  private void sayNew(String whose, List<String> others) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "made a new CA for mesh %s, %s, in %s; a proxy that uses another folder does not trust"
            + " it%n",
        mesh, whose, path("--work-dir", workDir));
    if (!others.isEmpty()) {
      err.printf("the folder has a CA of %s already%n", String.join(", ", others));
    }
    err.flush();
  }

  /** What is there already, and is not it: a name may be misspelt. */
  private List<String> others(BuiltinAuthorities all) throws UnusableAuthorityException {
    List<String> others = new ArrayList<>();
    all.backends(mesh).forEach(each -> others.add("backend " + each + " of mesh " + mesh));
    all.identities(mesh).forEach(each -> others.add("MeshIdentity " + each + " of mesh " + mesh));
    all.meshes().stream()
        .filter(each -> !each.equals(mesh))
        .forEach(each -> others.add("mesh " + each));
    return others;
  }

  private Map<String, String> tags() {
    Map<String, String> map = new TreeMap<>();
    for (String tag : tags) {
      int equals = tag.indexOf('=');
      boolean good =
          equals > 0
              && TAG.matcher(tag.substring(0, equals)).matches()
              && WORD.matcher(tag.substring(equals + 1)).matches();
      if (!good) {
        throw new UsageException("--tag=" + Shown.text(tag) + " (expected: name=value)");
      }
      map.put(tag.substring(0, equals), tag.substring(equals + 1));
    }
    return map;
  }

  private static void word(String flag, String value) {
    if (!WORD.matcher(value).matches()) {
      throw new UsageException(
          flag + "=" + Shown.text(value) + " (expected: letters, digits, '.', '-' and '_')");
    }
  }

  private static Path path(String flag, String value) {
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new UsageException(flag + ": is no path (expected: a folder)");
    }
  }
}
