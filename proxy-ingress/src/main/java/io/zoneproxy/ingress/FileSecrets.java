package io.zoneproxy.ingress;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Completes configurations of resource files with the secrets that they name. One thread. */
public final class FileSecrets {
  private final SecretSource source;
  private Resources resources = new Resources(List.of());
  private SecretSource.Found found;

  /**
   * Asks nothing yet.
   *
   * @param source of all roles
   */
  public FileSecrets(SecretSource source) {
    this.source = source;
    this.found = SecretSource.NONE.find(Set.of(), resources);
  }

  /** The same configuration with its secrets, as far as they were found. */
  public ProxySnapshot complete(ProxySnapshot snapshot, Resources now) {
    resources = now;
    Set<SecretName> names = names(snapshot);
    found = names.isEmpty() ? SecretSource.NONE.find(names, now) : source.find(names, now);
    return found.secrets().isEmpty() ? snapshot : withSecrets(snapshot);
  }

  /** The configuration with other secrets; empty when there are none. */
  Optional<ProxySnapshot> renew(ProxySnapshot inForce) {
    if (Instant.now().isBefore(found.until())) {
      return Optional.empty();
    }
    found = source.find(names(inForce), resources);
    return found.secrets().equals(inForce.secrets())
        ? Optional.empty()
        : Optional.of(withSecrets(inForce));
  }

  /** What was wrong when they were asked for last. */
  public List<Problem> problems() {
    return found.problems();
  }

  private ProxySnapshot withSecrets(ProxySnapshot snapshot) {
    return snapshot.next(snapshot.listeners(), snapshot.clusters(), found.secrets());
  }

  /** Whether every secret is there that a chain names. */
  public static boolean isComplete(ChainSpec chain, ProxySnapshot snapshot) {
    return chain.tls().stream()
        .flatMap(FileSecrets::names)
        .allMatch(name -> snapshot.secrets().containsKey(name));
  }

  private static Set<SecretName> names(ProxySnapshot snapshot) {
    return snapshot.listeners().stream()
        .flatMap(listener -> listener.chains().stream())
        .map(ChainSpec::tls)
        .flatMap(Optional::stream)
        .distinct() // one for all chains of a mesh
        .flatMap(FileSecrets::names)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<SecretName> names(ServerTls tls) {
    return Stream.concat(
        tls.certificates().stream()
            .filter(CertificateSource.Named.class::isInstance)
            .map(each -> ((CertificateSource.Named) each).secret()),
        tls.clients().flatMap(clients -> clients.secret()).stream());
  }
}
