package io.zoneproxy.core;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the run when Netty's leak detector has found a buffer, or another counted thing, that was
 * never released. JUnit finds it through {@code META-INF/services} in every module that has the
 * test-jar of core on the class path of its tests.
 */
public final class LeakWatch implements LauncherSessionListener {
  /** A leak is seen when the collector has taken it, and reported by the next one that is made. */
  private static final int ROUNDS = 3;

  private static final int ENOUGH_BUFFERS = 128;

  private final List<String> leaks = new CopyOnWriteArrayList<>();

  /** Before any class of Netty is loaded: each keeps the detector that it got then. */
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Recording());
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      for (int i = 0; i < ENOUGH_BUFFERS; i++) {
        ByteBufAllocator.DEFAULT.heapBuffer(1).release();
      }
    }
    if (!leaks.isEmpty()) {
      throw new IllegalStateException(
          "LEAK: %d resources were never released:%n%s"
              .formatted(leaks.size(), String.join(System.lineSeparator(), leaks)));
    }
  }

  private final class Recording extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation") // abstract in Netty, so it must be here
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new Detector<>(resource, samplingInterval);
    }
  }

  /** Netty's own, and a note of what it reports. */
  private final class Detector<T> extends ResourceLeakDetector<T> {
    Detector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    /** Netty would report only where its logger shows errors. */
    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      leaks.add(resourceType + records);
      super.reportTracedLeak(resourceType, records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      leaks.add(resourceType);
      super.reportUntracedLeak(resourceType);
    }
  }
}
