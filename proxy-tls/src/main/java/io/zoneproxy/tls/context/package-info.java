/** TLS contexts made of the model's texts and secrets. */
@NullMarked
package io.zoneproxy.tls.context;

import org.jspecify.annotations.NullMarked;
