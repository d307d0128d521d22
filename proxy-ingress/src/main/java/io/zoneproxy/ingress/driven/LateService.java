package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.http.Answer;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A part of the proxy that chains may lead to before it is there. */
public final class LateService implements HttpService {
  private static final int UNAVAILABLE = 503;

  private volatile @Nullable HttpService service;

  /** From now on it answers. */
  public void set(HttpService ready) {
    service = ready;
  }

  @Override
  public CompletionStage<Answer> answer(Request request) {
    HttpService ready = service;
    return ready != null
        ? ready.answer(request)
        : CompletableFuture.completedFuture(Answer.text(UNAVAILABLE, "starting\n"));
  }
}
