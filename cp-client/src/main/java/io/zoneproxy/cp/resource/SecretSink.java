package io.zoneproxy.cp.resource;

import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;

/** Takes secrets that another server than the control plane sends. Any thread. */
public interface SecretSink {
  /**
   * A secret has come, or another version of it.
   *
   * @param name with its source
   */
  void onSecret(SecretName name, SecretSpec secret);

  /** Nothing in force names it any more. */
  void onUnneeded(SecretName name);
}
