/** The ClientHello: parsed over segments and records, each byte once, within bounds. */
@NullMarked
package io.zoneproxy.tls.hello;

import org.jspecify.annotations.NullMarked;
