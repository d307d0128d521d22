/** What is noted of an HTTP request. */
@NullMarked
package io.zoneproxy.core.observe.request;

import org.jspecify.annotations.NullMarked;
