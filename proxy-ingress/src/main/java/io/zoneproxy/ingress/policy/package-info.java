/**
 * What policies of resource files say of the listeners of a data plane, whichever way they lead.
 */
@NullMarked
package io.zoneproxy.ingress.policy;

import org.jspecify.annotations.NullMarked;
