package io.zoneproxy.core.admin.pages;

import io.zoneproxy.core.text.JsonWriter;

/** Small pages that Envoy has, with what this process has to say on them. */
public final class ProcessPages {
  private ProcessPages() {}

  /** {@code /memory}: the heap; what Envoy's allocator alone has shows 0. */
  public static String memory() {
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory();
    long free = runtime.freeMemory();
    JsonWriter json = new JsonWriter().beginObject();
    json.name("allocated").value(Long.toString(heap - free));
    json.name("heap_size").value(Long.toString(heap));
    json.name("pageheap_unmapped").value(Long.toString(runtime.maxMemory() - heap));
    json.name("pageheap_free").value(Long.toString(free));
    json.name("total_thread_cache").value("0");
    json.name("total_physical_bytes").value(Long.toString(heap));
    return json.endObject().toString();
  }

  /** {@code /runtime}: there are no runtime values. */
  public static String runtime() {
    JsonWriter json = new JsonWriter().beginObject().name("layers").beginArray().endArray();
    return json.name("entries").beginObject().endObject().endObject().toString();
  }

  /** {@code /init_dump}: nothing of a configuration waits once it is in force. */
  public static String initDump() {
    return "{}";
  }

  /** {@code /hot_restart_version}. */
  public static String hotRestartVersion() {
    return "disabled";
  }
}
