package io.zoneproxy.cp.session;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's one thread. What a task throws is logged, and a task that comes again does so all the
 * same: nobody asks for the futures, which would keep it for themselves. A daemon.
 */
final class SessionThread extends ScheduledThreadPoolExecutor {
  private static final Logger log = LoggerFactory.getLogger(SessionThread.class);

  SessionThread(String name) {
    super(
        1,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
    // The look at the age of what was kept lies hours ahead, and would hold the thread until then.
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Runs it; what it throws is a mistake of this program, and no reason to end anything else. */
  static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) { // also what is nested too deep for the stack
      log.error("a mistake of this program: a task of the session has failed, others go on", e);
    }
  }

  /** Of this come all that run once. */
  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return super.schedule(() -> run(task), delay, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    return super.scheduleWithFixedDelay(() -> run(task), initialDelay, delay, unit);
  }
}
