/** Clusters and their endpoints. */
@NullMarked
package io.zoneproxy.cp.translate.cluster;

import org.jspecify.annotations.NullMarked;
