/** A request on its way: what it is, whether it may pass, where it goes, with which headers. */
@NullMarked
package io.zoneproxy.core.forward.request;

import org.jspecify.annotations.NullMarked;
