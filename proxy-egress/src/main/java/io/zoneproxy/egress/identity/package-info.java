/** Authorities of meshes that run from resource files, and what they issue. */
@NullMarked
package io.zoneproxy.egress.identity;

import org.jspecify.annotations.NullMarked;
