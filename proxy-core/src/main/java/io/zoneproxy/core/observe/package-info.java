/**
 * What is seen from outside: close reasons, counters, access-log records, views for the admin port.
 */
@NullMarked
package io.zoneproxy.core.observe;

import org.jspecify.annotations.NullMarked;
