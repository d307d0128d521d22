/** What collectors of OpenTelemetry are told: their messages, as calls of gRPC. */
@NullMarked
package io.zoneproxy.cp.telemetry;

import org.jspecify.annotations.NullMarked;
