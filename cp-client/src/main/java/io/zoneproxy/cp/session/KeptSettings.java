package io.zoneproxy.cp.session;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the last good configuration is kept.
 *
 * @param folder of the file; it is there
 * @param keyFile encrypts it; empty leaves private keys out
 * @param maxAge after which chains that decide who may pass are not served from it; zero = never
 *     are they
 */
public record KeptSettings(Path folder, Optional<Path> keyFile, Duration maxAge) {}
