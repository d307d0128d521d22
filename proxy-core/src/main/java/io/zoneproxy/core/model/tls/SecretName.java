package io.zoneproxy.core.model.tls;

/**
 * A secret that is sent by itself.
 *
 * @param name of the secret
 * @param source who sends it: {@link #CONTROL_PLANE}, or the name of the cluster of an SDS server
 *     (SPIRE's agent)
 */
public record SecretName(String name, String source) {
  /** It comes with everything else. */
  public static final String CONTROL_PLANE = "";

  /** A secret that the control plane sends. */
  public static SecretName of(String name) {
    return new SecretName(name, CONTROL_PLANE);
  }

  @Override
  public String toString() {
    return source.isEmpty() ? name : name + " of " + source;
  }
}
