/** Tests of the module as a whole, and what watches over all tests. */
@NullMarked
package io.zoneproxy.core;

import org.jspecify.annotations.NullMarked;
