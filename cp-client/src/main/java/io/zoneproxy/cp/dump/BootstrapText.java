package io.zoneproxy.cp.dump;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** The bootstrap as it may be shown. */
public final class BootstrapText {
  private BootstrapText() {}

  /**
   * A copy without tokens: they stand among the metadata of each gRPC service (ADS, and HDS for
   * dataplanes), beside the key {@code authorization}.
   */
  public static JsonObject withoutTokens(JsonObject bootstrap) {
    JsonObject copy = bootstrap.deepCopy();
    hide(copy);
    return copy;
  }

  private static void hide(JsonElement at) {
    if (at.isJsonArray()) {
      at.getAsJsonArray().forEach(BootstrapText::hide);
    } else if (at.isJsonObject()) {
      JsonObject object = at.getAsJsonObject();
      if (isAuthorization(object.get("key"))) {
        object.addProperty("value", SensitiveFields.REDACTED);
      }
      object.asMap().values().forEach(BootstrapText::hide);
    }
  }

  private static boolean isAuthorization(@Nullable JsonElement key) {
    return key != null
        && key.isJsonPrimitive()
        && key.getAsString().equalsIgnoreCase("authorization");
  }
}
