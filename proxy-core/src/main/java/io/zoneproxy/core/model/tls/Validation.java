package io.zoneproxy.core.model.tls;

import java.util.Optional;

/**
 * How a peer is checked: what stands in the configuration, completed by a secret.
 *
 * @param fixed names of both count; a CA or trust domains of the secret win
 * @param secret when given, nobody passes before it is there
 */
public record Validation(ValidationSpec fixed, Optional<SecretName> secret) {}
