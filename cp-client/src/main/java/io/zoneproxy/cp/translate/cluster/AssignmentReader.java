package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.cp.translate.value.Interned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the load assignments that kuma-cp usually sends from their bytes: 100,000 of them come at
 * once, and their generated messages, with maps of structs of values, cost many times as much as
 * what is kept. It takes only fields that count here, so that nobody need look for others. Whatever
 * is not usual is left to {@link EndpointTranslator}, which says what is wrong with it. For one
 * thread.
 */
public final class AssignmentReader {
  // Tags: number of the field << 3 | wire type, 0 varint, 2 bytes.
  private static final int CLUSTER_NAME = 1 << 3 | 2;
  private static final int ENDPOINTS = 2 << 3 | 2;

  private static final int LOCALITY = 1 << 3 | 2;
  private static final int LB_ENDPOINTS = 2 << 3 | 2;
  private static final int LOCALITY_WEIGHT = 3 << 3 | 2;
  private static final int PRIORITY = 5 << 3;

  private static final int REGION = 1 << 3 | 2;
  private static final int ZONE = 2 << 3 | 2;
  private static final int SUB_ZONE = 3 << 3 | 2;

  private static final int ENDPOINT = 1 << 3 | 2;
  private static final int METADATA = 3 << 3 | 2;
  private static final int WEIGHT = 4 << 3 | 2;

  private static final int ADDRESS = 1 << 3 | 2; // of an endpoint
  private static final int SOCKET_ADDRESS = 1 << 3 | 2;
  private static final int HOST = 2 << 3 | 2;
  private static final int PORT = 3 << 3;

  private static final int NUMBER = 1 << 3; // of a UInt32Value

  private static final int MOST_PRIORITY = 128; // Envoy's
  private static final int END = 0;

  private final Interned interned;
  private final TagReader tags;

  /**
   * @param interned makes equal addresses, and equal tags, one object
   */
  public AssignmentReader(Interned interned) {
    this.interned = interned;
    this.tags = new TagReader(interned);
  }

  /** The assignment; empty when it is not a usual one. */
  public Optional<Assignment> read(ByteString bytes) {
    List<LocalityEndpoints> localities = new ArrayList<>(1);
    try {
      CodedInputStream in = bytes.newCodedInput();
      for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
        switch (tag) {
          case CLUSTER_NAME -> in.readStringRequireUtf8();
          case ENDPOINTS -> localities.add(group(in));
          default -> throw new Unusual();
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(new Assignment(localities, Assignment.NOT_SAID));
  }

  private LocalityEndpoints group(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Locality locality = null;
    List<EndpointSpec> endpoints = new ArrayList<>(2);
    int priority = 0;
    int weight = 0;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      switch (tag) {
        case LOCALITY -> locality = once(locality, locality(in));
        case LB_ENDPOINTS -> endpoints.add(endpoint(in));
        case LOCALITY_WEIGHT -> weight = number(in);
        case PRIORITY -> priority = in.readUInt32();
        default -> throw new Unusual();
      }
    }
    in.popLimit(limit);
    if (priority < 0 || priority > MOST_PRIORITY || weight < 0) {
      throw new Unusual();
    }
    Locality where = locality == null ? interned.one(new Locality("", "", "")) : locality;
    return new LocalityEndpoints(where, priority, weight, endpoints);
  }

  /** A second one would be merged with the first. */
  private static <T> T once(@Nullable T before, T value) throws IOException {
    if (before != null) {
      throw new Unusual();
    }
    return value;
  }

  private Locality locality(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String region = "";
    String zone = "";
    String subZone = "";
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      switch (tag) {
        case REGION -> region = in.readStringRequireUtf8();
        case ZONE -> zone = in.readStringRequireUtf8();
        case SUB_ZONE -> subZone = in.readStringRequireUtf8();
        default -> throw new Unusual();
      }
    }
    in.popLimit(limit);
    return interned.one(new Locality(region, zone, subZone));
  }

  private EndpointSpec endpoint(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Address address = null;
    TagReader.Both both = null;
    int weight = 1;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      switch (tag) {
        case ENDPOINT -> address = once(address, addressOfEndpoint(in));
        case METADATA -> both = once(both, tags.read(in));
        case WEIGHT -> weight = number(in);
        default -> throw new Unusual(); // its health, for example
      }
    }
    in.popLimit(limit);
    if (address == null || weight < 1) {
      throw new Unusual();
    }
    TagReader.Both of = both == null ? TagReader.Both.NONE : both;
    return new EndpointSpec(address, weight, true, of.tags(), of.tlsMatch());
  }

  private Address addressOfEndpoint(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Address address = null;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag != ADDRESS) {
        throw new Unusual();
      }
      address = once(address, address(in));
    }
    in.popLimit(limit);
    return found(address);
  }

  private static <T> T found(@Nullable T value) throws IOException {
    if (value == null) {
      throw new Unusual();
    }
    return value;
  }

  private Address address(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    Address address = null;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag != SOCKET_ADDRESS) {
        throw new Unusual();
      }
      address = once(address, socket(in));
    }
    in.popLimit(limit);
    return found(address);
  }

  private Address socket(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    String host = "";
    int port = 0;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      switch (tag) {
        case HOST -> host = in.readStringRequireUtf8();
        case PORT -> port = in.readUInt32();
        default -> throw new Unusual(); // protocol: only one other than TCP is said
      }
    }
    in.popLimit(limit);
    if (host.isEmpty() || port < 1 || port > HostPort.MAX_PORT) {
      throw new Unusual();
    }
    return interned.one(new HostPort(host, port));
  }

  /** Of a UInt32Value; negative beyond what an int can hold. */
  private static int number(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    int value = 0;
    for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
      if (tag != NUMBER) {
        throw new Unusual();
      }
      value = in.readUInt32();
    }
    in.popLimit(limit);
    return value;
  }
}
