/** External services of resource files: chains that end the mesh's TLS, and where they lead. */
@NullMarked
package io.zoneproxy.egress.external;

import org.jspecify.annotations.NullMarked;
