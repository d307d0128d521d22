package io.zoneproxy.ingress.controlplane;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Switches of kuma-dp for what it tells the control plane that it can do. Whether the proxy can is
 * for the connection to say.
 *
 * @param delta differences are tried first, else the state of the world; the other comes next when
 *     the control plane does not know it
 * @param unifiedResourceNaming that names are KRIs also where the control plane has older ones
 * @param spire that identities may come from a SPIRE agent
 * @param spireSocket the agent's Unix socket; empty = not said
 * @param reusePort that listeners arrive with {@code enable_reuse_port}
 */
public record Features(
    boolean delta,
    boolean unifiedResourceNaming,
    boolean spire,
    Optional<Path> spireSocket,
    boolean reusePort) {}
