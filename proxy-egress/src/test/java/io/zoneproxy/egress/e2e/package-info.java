/** The proxies as users run them: real sockets, real TLS, resource files. */
@NullMarked
package io.zoneproxy.egress.e2e;

import org.jspecify.annotations.NullMarked;
