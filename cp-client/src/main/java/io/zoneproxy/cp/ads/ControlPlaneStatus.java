package io.zoneproxy.cp.ads;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.Locale;

/** Tells the statistics how things stand with the stream. Changed by one thread, read by any. */
final class ControlPlaneStatus {
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

  void onResponse() {
    stats.onResponse();
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
