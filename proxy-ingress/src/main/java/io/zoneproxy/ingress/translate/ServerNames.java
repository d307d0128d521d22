package io.zoneproxy.ingress.translate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The three forms of server name (SNI) that Kuma's data planes send to a zone proxy. All are in
 * lower case here, as listeners compare them without regard to ASCII case.
 */
public final class ServerNames {
  /** Kuma leaves the namespace of its own resources out of the hash form; this is its default. */
  static final String SYSTEM_NAMESPACE = "kuma-system";

  // FNV-1a, 64 bit: the constants of its definition
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Kuma cuts a name here and adds an x, so that it fits a DNS label of 63. */
  private static final int HASH_NAME_LIMIT = 62;

  /** A DNS label's limit, and a DNS name's without the root. */
  private static final int LABEL_LIMIT = 63;

  private static final int NAME_LIMIT = 253;

  private static final Pattern RFC_1123_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private ServerNames() {}

  /**
   * The tag form: {@code backend{mesh=default,version=v1}}, keys in byte order.
   *
   * @param tags without {@link Tags#SERVICE}; {@link Tags#MESH} is set to the mesh
   */
  public static String ofTags(String service, String mesh, Map<String, String> tags) {
    Map<String, String> all = new TreeMap<>(tags);
    all.remove(Tags.SERVICE);
    all.put(Tags.MESH, mesh);
    StringBuilder name = new StringBuilder(service).append('{');
    all.forEach((key, value) -> name.append(key).append('=').append(value).append(','));
    name.setCharAt(name.length() - 1, '}');
    return lowerCase(name.toString());
  }

  /** The hash form of a MeshService's port: {@code ae10a8071b8a8eeb8.backend.8080.demo.ms}. */
  public static String ofMeshService(String name, int port, String mesh) {
    return hashForm(name, port, mesh, "ms");
  }

  /** The hash form of a MeshMultiZoneService's port; it differs from the other in its end only. */
  public static String ofMeshMultiZoneService(String name, int port, String mesh) {
    return hashForm(name, port, mesh, "mzms");
  }

  /** The hash form of a MeshExternalService, by the port that callers use. */
  public static String ofMeshExternalService(String name, int port, String mesh) {
    return hashForm(name, port, mesh, "mes");
  }

  private static String hashForm(String name, int port, String mesh, String type) {
    String hash = String.format("%016x", fnv1a(name + ";" + mesh + ";"));
    return lowerCase("a" + hash + "." + cut(name) + "." + port + "." + cut(mesh) + "." + type);
  }

  private static String cut(String name) {
    return name.length() > HASH_NAME_LIMIT ? name.substring(0, HASH_NAME_LIMIT) + "x" : name;
  }

  private static long fnv1a(String text) {
    long hash = FNV_OFFSET;
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (next & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /**
   * The KRI form of a MeshService's port: {@code sni.msvc.default.east.backend.http}.
   *
   * @param namespace "" on Universal; otherwise it stands before the name
   * @return empty when a part is no RFC 1123 label of at most 63 characters, or the whole is longer
   *     than 253: Kuma then makes no chain either
   */
  public static Optional<String> kriOfMeshService(
      String mesh, String zone, String namespace, String name, String section) {
    return kri(
        namespace.isEmpty()
            ? List.of("sni", "msvc", mesh, zone, name, section)
            : List.of("sni", "msvc", mesh, zone, namespace, name, section));
  }

  /** The KRI form of a MeshMultiZoneService's port: {@code sni.mzsvc.default.backend.http}. */
  public static Optional<String> kriOfMeshMultiZoneService(
      String mesh, String name, String section) {
    return kri(List.of("sni", "mzsvc", mesh, name, section));
  }

  /**
   * The KRI form of a MeshExternalService: {@code sni.extsvc.default.east.web.443}.
   *
   * @param zone "" for one that belongs to no zone
   * @param namespace "" on Universal; it stands where there is a zone only
   */
  public static Optional<String> kriOfMeshExternalService(
      String mesh, String zone, String namespace, String name, String section) {
    List<String> labels = new ArrayList<>(List.of("sni", "extsvc", mesh));
    if (!zone.isEmpty()) {
      labels.add(zone);
      if (!namespace.isEmpty()) {
        labels.add(namespace);
      }
    }
    labels.addAll(List.of(name, section));
    return kri(labels);
  }

  private static Optional<String> kri(Collection<String> labels) {
    String name = String.join(".", labels);
    boolean legal = name.length() <= NAME_LIMIT && labels.stream().allMatch(ServerNames::isLabel);
    return legal ? Optional.of(name) : Optional.empty();
  }

  private static boolean isLabel(String label) {
    return label.length() <= LABEL_LIMIT && RFC_1123_LABEL.matcher(label).matches();
  }

  /** ASCII letters in lower case, everything else as it is: that is how server names compare. */
  public static String lowerCase(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (isUpperCase(name.charAt(i))) {
        return lowerCaseFrom(name, i);
      }
    }
    return name; // nearly always
  }

  private static String lowerCaseFrom(String name, int first) {
    char[] chars = name.toCharArray();
    for (int i = first; i < chars.length; i++) {
      if (isUpperCase(chars[i])) {
        chars[i] = (char) (chars[i] - 'A' + 'a');
      }
    }
    return new String(chars);
  }

  private static boolean isUpperCase(char letter) {
    return letter >= 'A' && letter <= 'Z';
  }
}
