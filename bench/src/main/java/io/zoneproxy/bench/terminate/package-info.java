/** Proxies that end mesh TLS side by side: their configurations, the work, the report. */
@NullMarked
package io.zoneproxy.bench.terminate;

import org.jspecify.annotations.NullMarked;
