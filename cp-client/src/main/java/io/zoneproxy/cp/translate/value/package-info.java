/** What all translators need: where a problem stands, and values that occur everywhere. */
@NullMarked
package io.zoneproxy.cp.translate.value;

import org.jspecify.annotations.NullMarked;
