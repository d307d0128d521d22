/** What serves the chains of a control plane, of files, or of the demo. */
@NullMarked
package io.zoneproxy.ingress.serve;

import org.jspecify.annotations.NullMarked;
