/** What policies of resource files make of chains and clusters of external services. */
@NullMarked
package io.zoneproxy.egress.policy;

import org.jspecify.annotations.NullMarked;
