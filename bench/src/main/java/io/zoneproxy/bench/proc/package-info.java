/** What the kernel tells of processes and sockets, read from files below {@code /proc}. */
@NullMarked
package io.zoneproxy.bench.proc;

import org.jspecify.annotations.NullMarked;
