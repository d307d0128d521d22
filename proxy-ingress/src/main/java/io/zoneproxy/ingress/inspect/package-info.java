/**
 * Answers about routes, from resource files or from a running proxy: {@code validate} and {@code
 * explain}.
 */
@NullMarked
package io.zoneproxy.ingress.inspect;

import org.jspecify.annotations.NullMarked;
