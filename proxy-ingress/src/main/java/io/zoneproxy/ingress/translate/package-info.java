/**
 * From Kuma's resources to the model, for every role, and the explanation of what came out. Pure:
 * no Netty, no files, no clock; the same resources give the same answer.
 */
@NullMarked
package io.zoneproxy.ingress.translate;

import org.jspecify.annotations.NullMarked;
