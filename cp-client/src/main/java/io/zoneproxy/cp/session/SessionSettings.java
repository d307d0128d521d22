package io.zoneproxy.cp.session;

import io.zoneproxy.cp.ads.TokenSource;
import io.zoneproxy.cp.bootstrap.BootstrapRequest;
import io.zoneproxy.cp.bootstrap.Retries;
import io.zoneproxy.cp.trust.Trust;
import java.net.URI;
import java.util.Optional;

/**
 * What a session needs to know.
 *
 * @param address of the control plane; scheme, host and port count
 * @param trust for the bootstrap call; the ADS has the CA that the bootstrap names
 * @param request that asks for the bootstrap
 * @param retries of that call
 * @param tokens for each stream
 * @param kept the configuration on disk; empty keeps none
 */
public record SessionSettings(
    URI address,
    Trust trust,
    BootstrapRequest request,
    Retries retries,
    TokenSource tokens,
    Optional<KeptSettings> kept) {}
