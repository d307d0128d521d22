package io.zoneproxy.cp.fields;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;

/**
 * A type of messages. A message can tell its descriptor too, but asked for the first time it looks
 * up all methods of its class and of its fields' classes: a tenth of the time to ready, and 2 MB.
 *
 * @param parser of this type
 */
public record MessageType<M extends Message>(Descriptor descriptor, Parser<M> parser) {}
