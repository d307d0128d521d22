/** What both sources of configuration make: immutable records, no Netty, no files, no protobuf. */
@NullMarked
package io.zoneproxy.core.model;

import org.jspecify.annotations.NullMarked;
