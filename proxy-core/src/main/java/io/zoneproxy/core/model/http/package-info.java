/** What a chain does that speaks HTTP. */
@NullMarked
package io.zoneproxy.core.model.http;

import org.jspecify.annotations.NullMarked;
