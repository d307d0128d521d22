package io.zoneproxy.core.runtime;

import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.listener.Listener;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.route.SniTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The bound listeners of a proxy. Its owner sees to it that one thread changes it at a time. */
final class ListenerSet {
  /** Opens one. */
  interface Binder {
    /** Binds, or says why it cannot; then nothing stays bound. */
    Listener bind(ListenerSpec spec, SniTable table) throws BindException;
  }

  private final Binder binder;
  private final Map<String, Listener> listeners = new LinkedHashMap<>();

  /** Closed before its successor was open; told of the new table like any other. */
  private final Map<String, Listener> gone = new HashMap<>();

  private volatile List<Listener> bound = List.of();
  private volatile boolean stopped; // closed for good

  ListenerSet(Binder binder) {
    this.binder = binder;
  }

  /**
   * Opens what is not open yet, beside what it takes the place of.
   *
   * @param tables by name of the listener
   * @return to be given to {@link #swap}
   * @throws BindException for the first that cannot be opened; none of them is open then
   */
  List<Listener> open(ProxySnapshot next, Map<String, SniTable> tables) throws BindException {
    List<Listener> added = new ArrayList<>();
    boolean whole = false;
    try {
      for (ListenerSpec spec : missing(next)) {
        added.add(binder.bind(spec, table(tables, spec)));
      }
      whole = true;
      return added;
    } finally {
      if (!whole) {
        added.forEach(Listener::close);
      }
    }
  }

  /**
   * Opens what can be opened. An address that another listener leaves with this snapshot is free
   * for the new one, a moment later.
   *
   * @param problems gets those that cannot be, by name, and why
   */
  List<Listener> openSome(
      ProxySnapshot next, Map<String, SniTable> tables, Map<String, String> problems) {
    List<ListenerSpec> missing = missing(next);
    vacate(next, missing);
    List<Listener> added = new ArrayList<>();
    for (ListenerSpec spec : missing) {
      try {
        added.add(binder.bind(spec, table(tables, spec)));
      } catch (BindException e) {
        problems.put(spec.name(), String.valueOf(e.getMessage()));
      }
    }
    return added;
  }

  private List<ListenerSpec> missing(ProxySnapshot next) {
    return stopped ? List.of() : next.listeners().stream().filter(spec -> !isOpen(spec)).toList();
  }

  private boolean isOpen(ListenerSpec spec) {
    Listener known = listeners.get(spec.name());
    return known != null && known.spec().address().equals(spec.address());
  }

  /** Closes the sockets of those that leave an address which a new one wants. */
  private void vacate(ProxySnapshot next, List<ListenerSpec> wanting) {
    Set<Object> wanted = new HashSet<>();
    wanting.forEach(spec -> wanted.add(spec.address()));
    Set<String> staying = new HashSet<>();
    next.listeners().stream().filter(this::isOpen).forEach(spec -> staying.add(spec.name()));
    for (Listener listener : List.copyOf(listeners.values())) {
      ListenerSpec spec = listener.spec();
      if (!staying.contains(spec.name()) && wanted.contains(spec.address())) {
        listener.close();
        listeners.remove(spec.name());
        gone.put(spec.name(), listener);
      }
    }
  }

  /**
   * Puts tables in force.
   *
   * @param next by name of the listener; those that are not in it are closed
   * @param added what was opened for it
   */
  void swap(Map<String, SniTable> next, List<Listener> added) {
    gone.forEach((name, closed) -> closed.swap(next.getOrDefault(name, SniTable.EMPTY)));
    gone.clear();
    for (Listener listener : added) {
      Listener replaced = listeners.put(listener.spec().name(), listener);
      if (replaced != null) {
        // Who is being peeked at matches later, and must not find what is gone.
        replaced.swap(listener.table());
        replaced.close();
      }
    }
    listeners.forEach(
        (name, listener) -> {
          SniTable table = next.get(name);
          if (table == null) {
            listener.swap(SniTable.EMPTY);
            listener.close();
          } else {
            listener.swap(table);
          }
        });
    listeners.keySet().retainAll(next.keySet());
    bound = stopped ? List.of() : List.copyOf(listeners.values());
  }

  /** Stops accepting for good. */
  void close() {
    listeners.values().forEach(Listener::close);
    bound = List.of();
    stopped = true;
  }

  /** Whether they were closed for good. Any thread. */
  boolean stopped() {
    return stopped;
  }

  /** Those that are bound. Any thread. */
  List<ListenerStatus> statuses() {
    return bound.stream().map(Listener::status).flatMap(Optional::stream).toList();
  }

  /** Unix sockets that are bound, by name. Any thread. */
  SortedMap<String, Pipe> pipes() {
    SortedMap<String, Pipe> pipes = new TreeMap<>();
    for (Listener listener : bound) {
      if (listener.spec().address() instanceof Pipe pipe) {
        pipes.put(listener.spec().name(), pipe);
      }
    }
    return pipes;
  }

  private static SniTable table(Map<String, SniTable> tables, ListenerSpec spec) {
    return Objects.requireNonNull(tables.get(spec.name()), spec.name());
  }
}
