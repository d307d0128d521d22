package io.zoneproxy.core.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** Answers requests. */
@FunctionalInterface
public interface HttpService {
  /**
   * Begins to answer; called on the event loop of the connection and never blocks it. A failure
   * becomes a 500 and a line in the log.
   *
   * @return completed on any thread
   */
  CompletionStage<Answer> answer(Request request);

  /**
   * A service whose answers are made on one thread: long ones hold up no proxied connection.
   *
   * @param executor its thread
   * @param pages called there only
   */
  static HttpService on(EventExecutor executor, Function<Request, Answer> pages) {
    return request -> {
      if (executor.inEventLoop()) {
        return CompletableFuture.completedFuture(pages.apply(request));
      }
      try {
        return CompletableFuture.supplyAsync(() -> pages.apply(request), executor);
      } catch (RejectedExecutionException e) { // the process is about to end
        return CompletableFuture.completedFuture(
            Answer.text(Answer.UNAVAILABLE, "shutting down\n"));
      }
    };
  }
}
