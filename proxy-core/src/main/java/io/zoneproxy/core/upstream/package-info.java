/** Clusters at run time: endpoints, name resolution, the choice of one. */
@NullMarked
package io.zoneproxy.core.upstream;

import org.jspecify.annotations.NullMarked;
