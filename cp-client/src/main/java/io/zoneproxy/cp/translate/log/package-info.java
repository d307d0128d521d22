/** Access logs. */
@NullMarked
package io.zoneproxy.cp.translate.log;

import org.jspecify.annotations.NullMarked;
