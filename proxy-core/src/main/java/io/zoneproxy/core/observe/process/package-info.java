/**
 * What is known and counted of the process: its control plane, configuration, loops, certificates.
 */
@NullMarked
package io.zoneproxy.core.observe.process;

import org.jspecify.annotations.NullMarked;
