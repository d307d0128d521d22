/**
 * Which route a request takes and what that changes in headers: for every chain that speaks HTTP.
 */
@NullMarked
package io.zoneproxy.core.http.route;

import org.jspecify.annotations.NullMarked;
