/** The process: which command runs, from the first signal of life to the exit code. */
@NullMarked
package io.zoneproxy.ingress.launch;

import org.jspecify.annotations.NullMarked;
