/** Programs for the documentation; a test runs each of them. */
@NullMarked
package io.zoneproxy.ingress.example;

import org.jspecify.annotations.NullMarked;
