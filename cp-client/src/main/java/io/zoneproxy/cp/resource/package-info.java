/** What the control plane has sent: resources as they came, the accepted and the refused. */
@NullMarked
package io.zoneproxy.cp.resource;

import org.jspecify.annotations.NullMarked;
