package io.zoneproxy.core.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable.Headers;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.RouteMatch;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.StringMatch;
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

  /** A test of what a header says; without one it need only be there. */
  private record HeaderTest(HeaderMatch header, Predicate<String> value) {}

  private final Predicate<String> path;
  private final List<HeaderTest> tests;
  private final List<Headers> headers; // the route's own, then the table's
  private final HttpService target;

  private InternalRoute(RouteMatch match, List<Headers> headers, HttpService target) {
    this.path = TextTest.of(match.path());
    this.tests =
        match.headers().stream()
            .map(each -> new HeaderTest(each, each.value().map(TextTest::of).orElse(any -> true)))
            .toList();
    this.headers = headers;
    this.target = target;
  }

  /**
   * The route; empty when something in it cannot be done here.
   *
   * @param common headers of all routes
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  static Optional<InternalRoute> of(Route route, Headers common, OwnClusters own) {
    boolean known =
        route.limit() instanceof HttpFilter.Off
            && route.match().state().isEmpty()
            && isLegal(route.headers())
            && isLegal(common);
    return known
        ? target(route, own)
            .map(to -> new InternalRoute(route.match(), List.of(route.headers(), common), to))
        : Optional.empty();
  }

  private static boolean isLegal(Headers headers) {
    try {
      HttpHeaders trial = new DefaultHttpHeaders();
      change(trial, headers.request(), headers.requestRemoved());
      change(trial, headers.response(), headers.responseRemoved());
      return true;
    } catch (IllegalArgumentException e) { // a line break, for example
      return false;
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
    return path.test(request.path())
        && tests.stream().allMatch(each -> test(each, request.headers()));
  }

  /** Several headers of one name are looked at as one, as in Envoy. */
  private static boolean test(HeaderTest test, HttpHeaders headers) {
    List<String> values = headers.getAll(test.header().name());
    boolean fits = !values.isEmpty() && test.value().test(String.join(",", values));
    return fits != test.header().invert();
  }

  /** Sends the request where the route leads. */
  CompletionStage<Answer> answer(Request request) {
    headers.forEach(each -> change(request.headers(), each.request(), each.requestRemoved()));
    return target
        .answer(request)
        .thenApply(
            answer -> {
              headers.forEach(
                  each -> change(answer.headers(), each.response(), each.responseRemoved()));
              return answer;
            });
  }

  private static void change(
      HttpHeaders headers, List<HeaderChange> changes, List<String> removed) {
    removed.forEach(headers::remove);
    for (HeaderChange change : changes) {
      if (change.append()) {
        headers.add(change.name(), change.value());
      } else {
        headers.set(change.name(), change.value());
      }
    }
  }
}
