/** Chains that speak HTTP. */
@NullMarked
package io.zoneproxy.cp.translate.http;

import org.jspecify.annotations.NullMarked;
