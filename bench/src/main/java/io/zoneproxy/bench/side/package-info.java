/** The side-by-side harness: peers, rounds, report; and the soak. */
@NullMarked
package io.zoneproxy.bench.side;

import org.jspecify.annotations.NullMarked;
