/** What the demo has outside of its mesh, and calls to it that pass an egress or are refused. */
@NullMarked
package io.zoneproxy.egress.demo.outside;

import org.jspecify.annotations.NullMarked;
