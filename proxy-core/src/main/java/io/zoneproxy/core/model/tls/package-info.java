/** Ends of TLS as configuration: who we are, whom we trust. Texts and names only, no provider. */
@NullMarked
package io.zoneproxy.core.model.tls;

import org.jspecify.annotations.NullMarked;
