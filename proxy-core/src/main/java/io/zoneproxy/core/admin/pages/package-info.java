/** Pages about the process, in Envoy's shapes. They are written, and know nothing of HTTP. */
@NullMarked
package io.zoneproxy.core.admin.pages;

import org.jspecify.annotations.NullMarked;
