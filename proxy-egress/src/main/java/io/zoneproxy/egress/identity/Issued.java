package io.zoneproxy.egress.identity;

import io.zoneproxy.core.model.tls.PrivateKeyText;
import java.time.Instant;

/**
 * A certificate with its key.
 *
 * @param chain PEM, the leaf first, without the root
 * @param key PEM
 * @param from when it began
 * @param until when it ends
 */
public record Issued(String chain, PrivateKeyText key, Instant from, Instant until) {}
