/** How one of several endpoints is chosen, in numbers alone: weights, hashes, shares. */
@NullMarked
package io.zoneproxy.core.upstream.balance;

import org.jspecify.annotations.NullMarked;
