package io.zoneproxy.egress.identity;

import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.Ca;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.external.MeshTls;
import io.zoneproxy.ingress.SecretSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The identities of an egress: a certificate for each mesh whose external services it serves,
 * issued by the mesh's own authority. Thread-safe.
 */
public final class MeshIdentities implements SecretSource {
  /** How Kuma calls every zone egress. */
  private static final String SERVICE = "zone-egress";

  /** The field of a mesh that problems are about. */
  private static final String BACKENDS = "mtls.backends";

  private final AuthorityTexts texts;
  private final Map<String, KeptIdentity> held = new HashMap<>();

  /**
   * Nothing is made yet.
   *
   * @param workDir keeps builtin authorities; empty = there can be none
   */
  public MeshIdentities(Optional<Path> workDir) {
    this(new AuthorityTexts(workDir));
  }

  private MeshIdentities(AuthorityTexts texts) {
    this.texts = texts;
  }

  /**
   * The same without writing anything: a builtin authority that was not made yet is one for the
   * moment.
   *
   * @param workDir where some may be; empty = nowhere
   */
  public static MeshIdentities trial(Optional<Path> workDir) {
    return new MeshIdentities(new AuthorityTexts(workDir, true));
  }

  @Override
  public synchronized Found find(Set<SecretName> names, Resources resources) {
    Set<String> meshes = new TreeSet<>();
    names.forEach(name -> MeshTls.mesh(name).ifPresent(meshes::add));
    held.keySet().retainAll(meshes);
    Map<SecretName, SecretSpec> secrets = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    Instant until = Instant.MAX;
    for (String name : meshes) {
      Optional<Mesh> mesh = resources.mesh(name);
      Optional<Ca> ca = mesh.flatMap(Mesh::ca);
      if (mesh.isPresent() && ca.isPresent()) {
        refresh(mesh.get(), ca.get(), resources, problems);
        until = earlier(until, next(name, ca.get()));
      }
      Optional.ofNullable(held.get(name))
          .flatMap(KeptIdentity::current)
          .ifPresent(now -> add(name, now, secrets));
    }
    return new Found(secrets, problems, until);
  }

  private void refresh(Mesh mesh, Ca ca, Resources resources, List<Problem> problems) {
    String name = mesh.meta().name();
    KeptIdentity kept = held.computeIfAbsent(name, key -> new KeptIdentity());
    try {
      kept.refresh(
          ca,
          texts.authority(name, ca, resources),
          authority -> authority.issue(name, SERVICE, Map.of(), ca.lifetime()));
      texts
          .missing(name, ca, resources)
          .map(what -> Problem.warning(mesh.meta().source(), BACKENDS, what))
          .ifPresent(problems::add);
    } catch (UnsupportedBackendException e) {
      held.remove(name);
      problems.add(problem(Problem.Severity.WARNING, mesh, e));
    } catch (UnusableAuthorityException e) {
      kept.keep(ca);
      problems.add(problem(Problem.Severity.ERROR, mesh, e));
    }
  }

  private static Problem problem(Problem.Severity severity, Mesh mesh, Exception e) {
    return new Problem(
        severity,
        mesh.meta().source(),
        BACKENDS,
        "external services of mesh %s cannot be served: %s"
            .formatted(mesh.meta().name(), e.getMessage()));
  }

  private Instant next(String mesh, Ca ca) {
    return held.getOrDefault(mesh, new KeptIdentity()).next(isInFiles(ca.provided()));
  }

  static boolean isInFiles(Optional<DataSource.Pair> authority) {
    return authority
        .filter(
            pair ->
                pair.certificate() instanceof DataSource.File
                    || pair.key() instanceof DataSource.File)
        .isPresent();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static void add(String mesh, KeptIdentity.Held now, Map<SecretName, SecretSpec> secrets) {
    secrets.put(
        MeshTls.identity(mesh),
        new SecretSpec.Certificate(now.identity().chain(), now.identity().key()));
    secrets.put(
        MeshTls.authority(mesh),
        new SecretSpec.Trust(
            new ValidationSpec(
                Optional.of(new TrustedCa.Inline(now.certificates())), List.of(), Map.of())));
  }
}
