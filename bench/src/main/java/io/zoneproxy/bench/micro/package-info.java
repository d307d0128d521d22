/**
 * JMH benchmarks of the parts on a connection's path and an update's, and what 100,000 routes cost.
 * Those of the epoll relay stand in its package, for its classes are its own.
 */
@NullMarked
package io.zoneproxy.bench.micro;

import org.jspecify.annotations.NullMarked;
