package io.zoneproxy.ingress.controlplane;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The stored configuration that serves after a start without a control plane.
 *
 * @param kept whether there is one: only when the work folder outlives the run, which a temporary
 *     one does not
 * @param maxAge how old it may be for chains that decide who may pass; zero = they never serve from
 *     it
 * @param keyFile encrypts private keys in it; empty = they are not stored
 */
public record LastKnownGood(boolean kept, Duration maxAge, Optional<Path> keyFile) {}
