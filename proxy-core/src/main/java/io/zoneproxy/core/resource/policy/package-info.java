/** What Kuma's policies say, as far as they reach a zone proxy. */
@NullMarked
package io.zoneproxy.core.resource.policy;

import org.jspecify.annotations.NullMarked;
