package io.zoneproxy.cp.ads;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.Locale;

/** Tells the statistics how things stand with the stream. Changed by one thread, read by any. */
final class ControlPlaneStatus {
  /** Characters: kuma-cp's is that of its instance, a host's name and a random number. */
  private static final int MOST_IDENTIFIER = 256;

  private final ControlPlaneStats stats;
  private volatile String lastError = "";

  /** Nothing has happened yet. */
  ControlPlaneStatus(ControlPlaneStats stats) {
    this.stats = stats;
  }

  /**
   * Why the last stream has ended or was of no use; "" when none was. Stays when the next one
   * works.
   */
  String lastError() {
    return lastError;
  }

  void onSubscribed() {
    for (ResourceType type : ResourceType.values()) {
      stats.onSubscribed(counted(type));
    }
  }

  void onResponse(String identifier) {
    stats.onResponse();
    if (!identifier.isEmpty()) {
      stats.onIdentifier(identifier.substring(0, Math.min(identifier.length(), MOST_IDENTIFIER)));
    }
  }

  void onAnswered(ResourceType type, String version, boolean acknowledged) {
    stats.onUpdate(counted(type), version, acknowledged);
  }

  private static ControlPlaneStats.Type counted(ResourceType type) {
    return switch (type) {
      case CLUSTER -> ControlPlaneStats.Type.CLUSTER;
      case ENDPOINT -> ControlPlaneStats.Type.ENDPOINT;
      case LISTENER -> ControlPlaneStats.Type.LISTENER;
      case SECRET -> ControlPlaneStats.Type.SECRET;
    };
  }

  void onConnected(Protocol protocol, boolean again) {
    stats.onConnected(protocol.name().toLowerCase(Locale.ROOT), again);
  }

  void onProblem(String problem) {
    stats.onDisconnected();
    lastError = problem;
  }
}
