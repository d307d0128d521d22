/** Listeners and their chains. */
@NullMarked
package io.zoneproxy.cp.translate.listener;

import org.jspecify.annotations.NullMarked;
