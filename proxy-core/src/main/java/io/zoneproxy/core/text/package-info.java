/**
 * Texts of others: tests of them, compiled (whole, begin, end, part, RE2), and how they are shown,
 * as JSON, too.
 */
@NullMarked
package io.zoneproxy.core.text;

import org.jspecify.annotations.NullMarked;
