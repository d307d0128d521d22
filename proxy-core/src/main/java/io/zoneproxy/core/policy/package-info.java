/** Decides who may pass: compiled permissions and limits of a rate. Pure, but for the clock. */
@NullMarked
package io.zoneproxy.core.policy;

import org.jspecify.annotations.NullMarked;
