package io.zoneproxy.ingress.launch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM, SIGINT and SIGUSR2, each time they come. The JDK has no public way but a shutdown hook,
 * which hears of the first one only; {@code sun.misc.Signal} is reached by reflection, because
 * javac warns of its mere name and our warnings are errors.
 */
public final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * From now on SIGTERM and SIGINT are the program's.
   *
   * @param onSignal runs on a thread of the JVM's for each signal
   */
  public static void handle(Runnable onSignal) {
    handle(List.of("TERM", "INT"), onSignal);
  }

  /**
   * From now on SIGUSR2 is the program's: kuma-dp's signal to drain the listeners and go on. The
   * JVM's flight recorder wants it too, unless {@code _JAVA_SR_SIGNUM} gives that another.
   *
   * @param onSignal runs on a thread of the JVM's for each signal
   */
  public static void handleDrain(Runnable onSignal) {
    handle(List.of("USR2"), onSignal);
  }

  private static void handle(List<String> names, Runnable onSignal) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  onSignal.run();
                }
                return null;
              });
      for (String name : names) {
        Object made = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, made, ours);
      }
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      // Another JVM, or one started with -Xrs: the process then ends without a drain.
      log.warn("{} cannot be handled here, there will be no drain: {}", names, e.toString());
    }
  }
}
