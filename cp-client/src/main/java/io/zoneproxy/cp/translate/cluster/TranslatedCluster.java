package io.zoneproxy.cp.translate.cluster;

import io.zoneproxy.core.model.ClusterSpec;
import java.util.Optional;

/**
 * A cluster as far as its own resource says.
 *
 * @param spec without endpoints when they come by EDS
 * @param eds name of its load assignment; empty when its endpoints stand in it
 */
public record TranslatedCluster(ClusterSpec spec, Optional<String> eds) {}
