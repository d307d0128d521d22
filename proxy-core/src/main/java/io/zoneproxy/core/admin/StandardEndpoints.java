package io.zoneproxy.core.admin;

import io.zoneproxy.core.admin.stats.PrometheusText;
import io.zoneproxy.core.admin.stats.ServerInfo;
import io.zoneproxy.core.admin.stats.StatsPage;
import io.zoneproxy.core.observe.JsonWriter;
import io.zoneproxy.core.observe.ProxyView;
import java.util.List;
import java.util.function.Function;

/** The endpoints that every proxy has, with Envoy's paths, parameters and texts. */
final class StandardEndpoints {
  private static final int BAD_REQUEST = 400;
  private static final int UNAVAILABLE = 503;

  private final ProxyView view;
  private final ServerInfo info;
  private final AdminActions actions;

  StandardEndpoints(ProxyView view, ServerInfo info, AdminActions actions) {
    this.view = view;
    this.info = info;
    this.actions = actions;
  }

  private record Endpoint(
      String path, String help, boolean changes, Function<AdminRequest, AdminResponse> handler)
      implements AdminEndpoint {
    @Override
    public AdminResponse handle(AdminRequest request) {
      return handler.apply(request);
    }
  }

  /** All of them, in no particular order. */
  List<AdminEndpoint> all() {
    return List.of(
        read("/clusters", "upstream cluster status (format: text, json)", this::clusters),
        read("/listeners", "print listener info (format: text, json)", this::listeners),
        read("/ready", "print server state, return 200 if LIVE, otherwise 503", this::ready),
        read("/server_info", "print server version/status information", this::serverInfo),
        read(
            "/stats", "print server stats (format: text, json, prometheus; usedonly)", this::stats),
        read("/stats/prometheus", "print server stats in prometheus format", this::prometheus),
        change("/drain_listeners", "drain listeners", actions::drainListeners),
        change(
            "/healthcheck/fail",
            "cause the server to fail health checks",
            () -> actions.failHealthCheck(true)),
        change(
            "/healthcheck/ok",
            "cause the server to pass health checks",
            () -> actions.failHealthCheck(false)),
        change("/quitquitquit", "exit the server", actions::quit));
  }

  private static AdminEndpoint read(
      String path, String help, Function<AdminRequest, AdminResponse> handler) {
    return new Endpoint(path, help, false, handler);
  }

  private static AdminEndpoint change(String path, String help, Runnable action) {
    return new Endpoint(
        path,
        help,
        true,
        request -> {
          action.run();
          return AdminResponse.text("OK\n");
        });
  }

  private AdminResponse ready(AdminRequest request) {
    ProxyView.State state = view.state();
    String body = state.name() + '\n';
    return state == ProxyView.State.LIVE
        ? AdminResponse.text(body)
        : AdminResponse.text(UNAVAILABLE, body);
  }

  private AdminResponse clusters(AdminRequest request) {
    return switch (request.parameter("format")) {
      case "", "text" -> AdminResponse.text(ClustersPage.text(view.clusters()));
      case "json" -> AdminResponse.json(ClustersPage.json(view.clusters()));
      default -> unknownFormat(request, "text or json");
    };
  }

  private AdminResponse listeners(AdminRequest request) {
    return switch (request.parameter("format")) {
      case "", "text" -> AdminResponse.text(ListenersPage.text(view.listeners()));
      case "json" -> AdminResponse.json(ListenersPage.json(view.listeners()));
      default -> unknownFormat(request, "text or json");
    };
  }

  private AdminResponse stats(AdminRequest request) {
    boolean usedOnly = request.flag("usedonly");
    return switch (request.parameter("format")) {
      case "", "text" -> AdminResponse.text(StatsPage.of(view, info, usedOnly).text());
      case "json" -> AdminResponse.json(StatsPage.of(view, info, usedOnly).json());
      case "prometheus" -> prometheus(request);
      default -> unknownFormat(request, "text, json or prometheus");
    };
  }

  private AdminResponse prometheus(AdminRequest request) {
    return AdminResponse.text(PrometheusText.of(view, info, request.flag("usedonly")));
  }

  private AdminResponse serverInfo(AdminRequest request) {
    String uptime = info.uptime().toSeconds() + "s";
    JsonWriter json = new JsonWriter().beginObject();
    json.name("version").value(info.version()).name("state").value(view.state().name());
    json.name("uptime_current_epoch").value(uptime).name("uptime_all_epochs").value(uptime);
    json.name("hot_restart_version").value("disabled");
    json.name("command_line_options").beginObject();
    json.name("concurrency").value(info.concurrency()).endObject();
    return AdminResponse.json(json.endObject().toString());
  }

  private static AdminResponse unknownFormat(AdminRequest request, String expected) {
    return AdminResponse.text(
        BAD_REQUEST, "format: " + request.parameter("format") + " (expected: " + expected + ")\n");
  }
}
