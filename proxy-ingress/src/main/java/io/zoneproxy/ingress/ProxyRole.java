package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.Optional;

/** One value of {@code --proxy-type}: what a proxy of that kind serves. */
public interface ProxyRole {
  /** As kuma-dp's flag spells it. */
  String proxyType();

  /** The kind of resource that describes such a proxy. */
  Class<? extends Resource> ownKind();

  /**
   * What it serves. Pure: the same resources give the same answer.
   *
   * @param own of {@link #ownKind}
   * @param resources all there are
   * @param zone the own zone
   */
  Translation translate(Resource own, Resources resources, String zone);

  /**
   * Where the secrets come from that its chains name.
   *
   * @param own of {@link #ownKind}
   * @param zone the own zone
   * @param workDir for what outlives a run; empty = there is no such folder
   */
  default SecretSource secrets(Resource own, String zone, Optional<Path> workDir) {
    return SecretSource.NONE;
  }

  /**
   * Secrets to try a configuration with that does not run: as {@link #secrets} would give them, but
   * nothing is written.
   *
   * @param own of {@link #ownKind}
   * @param zone the own zone
   * @param workDir where some may be already; empty = nowhere
   */
  default SecretSource trialSecrets(Resource own, String zone, Optional<Path> workDir) {
    return SecretSource.NONE;
  }
}
