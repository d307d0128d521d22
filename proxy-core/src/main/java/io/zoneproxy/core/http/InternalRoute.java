package io.zoneproxy.core.http;

import io.zoneproxy.core.http.route.HeaderEdits;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable.Headers;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.RouteMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.policy.HeaderTest;
import io.zoneproxy.core.text.TextTest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** One route of a chain that is served inside the process. Immutable. */
final class InternalRoute {
  private static final int LOWEST_STATUS = 200; // what Envoy takes for a direct response
  private static final int HIGHEST_STATUS = 599;

  private final Predicate<String> path;
  private final List<HeaderTest> tests;
  private final HeaderEdits edits;
  private final HttpService target;

  private InternalRoute(RouteMatch match, HeaderEdits edits, HttpService target) {
    this.path = TextTest.of(match.path());
    this.tests = HeaderTest.of(match.headers());
    this.edits = edits;
    this.target = target;
  }

  /**
   * The route; empty when something in it cannot be done here.
   *
   * @param common headers of all routes
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  static Optional<InternalRoute> of(Route route, Headers common, OwnClusters own) {
    Optional<HeaderEdits> edits = edits(route.headers(), common);
    if (edits.isEmpty()
        || !(route.limit() instanceof HttpFilter.Off)
        || !route.match().state().isEmpty()) {
      return Optional.empty();
    }
    return target(route, own).map(to -> new InternalRoute(route.match(), edits.get(), to));
  }

  private static Optional<HeaderEdits> edits(Headers route, Headers common) {
    try {
      return Optional.of(HeaderEdits.of(route, common));
    } catch (IllegalArgumentException e) { // a line break, for example
      return Optional.empty();
    }
  }

  private static Optional<HttpService> target(Route route, OwnClusters own) {
    if (route.action() instanceof RouteAction.Answer answer) {
      return answer.status() >= LOWEST_STATUS && answer.status() <= HIGHEST_STATUS
          ? Optional.of(request -> direct(answer))
          : Optional.empty();
    }
    RouteAction.Forward forward = (RouteAction.Forward) route.action();
    StringMatch path = route.match().path();
    return own.behind(forward.to())
        .map(
            service ->
                forward
                    .prefixRewrite()
                    .<HttpService>map(prefix -> rewriting(service, path, prefix))
                    .orElse(service));
  }

  private static CompletionStage<Answer> direct(RouteAction.Answer answer) {
    return CompletableFuture.completedFuture(
        Answer.bare(answer.status(), "text/plain", answer.body()));
  }

  /** What matched is replaced: the prefix, or the whole path. */
  private static HttpService rewriting(HttpService service, StringMatch path, String prefix) {
    if (path.kind() != StringMatch.Kind.PREFIX) {
      return request -> service.answer(request.withPath(prefix));
    }
    int matched = path.value().length();
    return request -> service.answer(request.withPath(prefix + request.path().substring(matched)));
  }

  /** Whether it is this route that a request takes. */
  boolean takes(Request request) {
    return path.test(request.path()) && HeaderTest.allFit(tests, request::header);
  }

  /** Sends the request where the route leads. */
  CompletionStage<Answer> answer(Request request) {
    edits.request(request.headers());
    return target
        .answer(request)
        .thenApply(
            answer -> {
              edits.response(answer.headers());
              return answer;
            });
  }
}
