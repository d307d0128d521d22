/**
 * The command line: flags and variables, the run of a process, {@code validate}, {@code explain}.
 */
@NullMarked
package io.zoneproxy.ingress.launch;

import org.jspecify.annotations.NullMarked;
