package io.zoneproxy.core.admin;

import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.pages.CertsPage;
import io.zoneproxy.core.admin.pages.ProcessPages;
import io.zoneproxy.core.admin.pages.ServerInfoPage;
import io.zoneproxy.core.admin.stats.PrometheusText;
import io.zoneproxy.core.admin.stats.StatQuery;
import io.zoneproxy.core.admin.stats.StatsPage;
import io.zoneproxy.core.observe.ProxyView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

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
    List<AdminEndpoint> all = new ArrayList<>(ofTheProxy());
    all.addAll(ofTheProcess());
    all.addAll(actions());
    return all;
  }

  private List<AdminEndpoint> ofTheProxy() {
    String filters = "usedonly; filter: a regular expression; invert_filter";
    return List.of(
        read("/clusters", "upstream cluster status (format: text, json)", this::clusters),
        read("/listeners", "print listener info (format: text, json)", this::listeners),
        read("/ready", "print server state, return 200 if LIVE, otherwise 503", this::ready),
        read(
            "/stats",
            "server stats (format: text, json, prometheus; " + filters + ")",
            this::stats),
        read(
            "/stats/prometheus",
            "print server stats in prometheus format (" + filters + ")",
            this::prometheus));
  }

  private List<AdminEndpoint> ofTheProcess() {
    return List.of(
        json("/certs", "print certs on machine", () -> CertsPage.json(info.certificates())),
        read(
            "/hot_restart_version",
            "print the hot restart compatibility version",
            request -> AdminResponse.text(ProcessPages.hotRestartVersion())),
        json("/init_dump", "dump what the configuration waits for", ProcessPages::initDump),
        json("/memory", "print current allocation/heap usage", ProcessPages::memory),
        json("/runtime", "print runtime values", ProcessPages::runtime),
        json(
            "/server_info",
            "print server version/status information",
            () -> ServerInfoPage.json(view.state(), info)));
  }

  private List<AdminEndpoint> actions() {
    return List.of(
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

  private static AdminEndpoint json(String path, String help, Supplier<CharSequence> page) {
    return read(path, help, request -> AdminResponse.json(page.get()));
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
      case "", "text" -> AdminResponse.text(ListenersPage.text(view.listeners(), view.pipes()));
      case "json" -> AdminResponse.json(ListenersPage.json(view.listeners(), view.pipes()));
      default -> unknownFormat(request, "text or json");
    };
  }

  private AdminResponse stats(AdminRequest request) {
    return switch (request.parameter("format")) {
      case "", "text" -> asked(request, query -> AdminResponse.text(page(query).text()));
      case "json" -> asked(request, query -> AdminResponse.json(page(query).json()));
      case "prometheus" -> prometheus(request);
      default -> unknownFormat(request, "text, json or prometheus");
    };
  }

  private StatsPage page(StatQuery query) {
    return StatsPage.of(view, info, query);
  }

  private AdminResponse prometheus(AdminRequest request) {
    return asked(request, query -> AdminResponse.text(PrometheusText.of(view, info, query)));
  }

  private static AdminResponse asked(
      AdminRequest request, Function<StatQuery, AdminResponse> answer) {
    try {
      return answer.apply(
          StatQuery.of(
              request.flag("usedonly"),
              request.parameter("filter"),
              request.flag("invert_filter")));
    } catch (IllegalArgumentException e) { // the filter's fault, which it tells
      return AdminResponse.text(BAD_REQUEST, e.getMessage() + "\n");
    }
  }

  private static AdminResponse unknownFormat(AdminRequest request, String expected) {
    return AdminResponse.text(
        BAD_REQUEST, "format: " + request.parameter("format") + " (expected: " + expected + ")\n");
  }
}
