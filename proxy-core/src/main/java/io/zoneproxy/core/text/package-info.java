/** Tests of texts, compiled: whole, begin, end, part, or a regular expression of RE2. */
@NullMarked
package io.zoneproxy.core.text;

import org.jspecify.annotations.NullMarked;
