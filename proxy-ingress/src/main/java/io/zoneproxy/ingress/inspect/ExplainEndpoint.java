package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.admin.AdminEndpoint;
import io.zoneproxy.core.admin.AdminRequest;
import io.zoneproxy.core.admin.AdminResponse;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.ingress.explain.Explain;
import io.zoneproxy.ingress.explain.Explanation;
import io.zoneproxy.ingress.explain.Question;
import java.util.Map;

/** {@code /explain?sni=NAME}: where the running proxy sends a server name. */
public final class ExplainEndpoint implements AdminEndpoint {
  static final String PATH = "/explain";

  /** A header of the answer: the body may be for people. */
  static final String SERVED = "x-zoneproxy-served";

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private static final int BAD_REQUEST = 400;
  private static final String HOW =
      "sni is missing (expected: /explain?sni=NAME, as a client would send it; sni= for none)\n";

  private final ProxyView view;

  /**
   * Answers from what is in force.
   *
   * @param view asked for each request
   */
  public ExplainEndpoint(ProxyView view) {
    this.view = view;
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public String help() {
    return "where a server name goes (sni=NAME, identity=SPIFFE-ID, format=json)";
  }

  @Override
  public AdminResponse handle(AdminRequest request) {
    if (!request.parameters().containsKey("sni")) {
      return AdminResponse.text(BAD_REQUEST, HOW);
    }
    Question question;
    try {
      question = Question.about(request.parameter("sni"), request.parameter("identity"));
    } catch (IllegalArgumentException e) {
      return AdminResponse.text(BAD_REQUEST, e.getMessage() + "\n");
    }
    Explanation answer = Explain.explain(view, question);
    AdminResponse response =
        request.parameter("format").equals("json")
            ? AdminResponse.json(JsonTree.text(answer.tree()))
            : AdminResponse.text(answer.text());
    return new AdminResponse(
        answer.isKnown() ? OK : NOT_FOUND,
        response.contentType(),
        response.body(),
        Map.of(SERVED, Boolean.toString(answer.isServed())));
  }
}
