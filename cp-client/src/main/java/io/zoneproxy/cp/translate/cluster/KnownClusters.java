package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.zoneproxy.core.model.ClusterSpec;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Clusters that were translated, by their bytes without their names: 100,000 of them come at once
 * and say a few different things. For one thread.
 */
public final class KnownClusters {
  private static final int NAME = Cluster.NAME_FIELD_NUMBER << 3 | 2;
  private static final int ALT_STAT_NAME = Cluster.ALT_STAT_NAME_FIELD_NUMBER << 3 | 2;
  private static final int END = 0;

  /** Far more than one proxy's meshes have policies; with TLS one has some 10 KB. */
  private static final int MOST = 500;

  private final Map<ByteString, TranslatedCluster> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, TranslatedCluster> eldest) {
          return size() > MOST;
        }
      };

  /** Knows none yet. */
  public KnownClusters() {}

  /**
   * A cluster in parts.
   *
   * @param altStatName "" when it has none
   * @param rest what is left without the two
   */
  private record Parts(String name, String altStatName, ByteString rest) {}

  /** The cluster; empty when none that says the same was kept. */
  public Optional<TranslatedCluster> find(ByteString bytes) {
    return split(bytes)
        .flatMap(
            parts -> Optional.ofNullable(known.get(parts.rest())).map(same -> named(parts, same)));
  }

  private static TranslatedCluster named(Parts parts, TranslatedCluster same) {
    String name = parts.name();
    String stat =
        parts.altStatName().isEmpty() ? ClusterSpec.statNameOf(name) : parts.altStatName();
    ClusterSpec spec = same.spec();
    return new TranslatedCluster(
        new ClusterSpec(name, stat, spec.localities(), spec.policy()),
        same.eds().isPresent() ? Optional.of(name) : Optional.empty());
  }

  /** Keeps what came of these bytes, unless they name its assignment: that is not another's. */
  public void keep(ByteString bytes, TranslatedCluster cluster) {
    split(bytes)
        .filter(parts -> !saysItsAssignment(parts.rest()))
        .ifPresent(parts -> known.put(parts.rest(), cluster));
  }

  private static boolean saysItsAssignment(ByteString rest) {
    try {
      return !Cluster.parseFrom(rest).getEdsClusterConfig().getServiceName().isEmpty();
    } catch (IOException e) {
      return true; // has been read before: does not happen
    }
  }

  /** Empty when it has no name, or two. */
  private static Optional<Parts> split(ByteString bytes) {
    try {
      String name = "";
      String altStatName = "";
      ByteString.Output rest = ByteString.newOutput(bytes.size());
      CodedInputStream in = bytes.newCodedInput();
      int from = 0;
      for (int tag = in.readTag(); tag != END; tag = in.readTag()) {
        if (tag == NAME && name.isEmpty()) {
          name = in.readStringRequireUtf8();
        } else if (tag == ALT_STAT_NAME && altStatName.isEmpty()) {
          altStatName = in.readStringRequireUtf8();
        } else if (tag == NAME || tag == ALT_STAT_NAME || !in.skipField(tag)) {
          return Optional.empty();
        } else {
          bytes.substring(from, in.getTotalBytesRead()).writeTo(rest);
        }
        from = in.getTotalBytesRead();
      }
      return name.isEmpty()
          ? Optional.empty()
          : Optional.of(new Parts(name, altStatName, rest.toByteString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
