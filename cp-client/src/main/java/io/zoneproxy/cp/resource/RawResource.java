package io.zoneproxy.cp.resource;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * A resource as it came, not parsed.
 *
 * @param type what its bytes are
 * @param name unique among its type
 * @param version the control plane's; with SotW that of the whole response. Opaque
 * @param bytes the serialised message
 */
public record RawResource(ResourceType type, String name, String version, ByteString bytes) {
  /** {@code name} of Cluster, Listener and Secret, {@code cluster_name} of a load assignment. */
  private static final int NAME_TAG = (1 << 3) + WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /**
   * The resource of a SotW response, which does not name it beside the message. Its fields are only
   * told apart, not read.
   *
   * @throws IOException when the bytes are no message
   */
  public static RawResource of(ResourceType type, String version, ByteString bytes)
      throws IOException {
    return new RawResource(type, nameIn(bytes), version, bytes);
  }

  private static String nameIn(ByteString bytes) throws IOException {
    CodedInputStream in = bytes.newCodedInput();
    String name = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == NAME_TAG) {
        name = in.readStringRequireUtf8();
      } else if (!in.skipField(tag)) {
        throw new IOException("a group that ends before it begins");
      }
    }
    return name;
  }

  /** For messages: {@code Listener/inbound:10.0.0.5:10002}. */
  public String id() {
    return type.label() + "/" + name;
  }
}
