/** Which fields of a resource are acted upon: nothing that is sent is dropped in silence. */
@NullMarked
package io.zoneproxy.cp.fields;

import org.jspecify.annotations.NullMarked;
