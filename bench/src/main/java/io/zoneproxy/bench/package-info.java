/** Benchmarks: an empty shell so far. */
@NullMarked
package io.zoneproxy.bench;

import org.jspecify.annotations.NullMarked;
