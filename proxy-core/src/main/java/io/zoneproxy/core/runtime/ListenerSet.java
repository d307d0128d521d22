package io.zoneproxy.core.runtime;

import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.listener.Listener;
import io.zoneproxy.core.model.Address;
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

  /** By name; one that is held for a successor that cannot be bound yet has the successor's. */
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
    List<ListenerSpec> failed = new ArrayList<>();
    for (ListenerSpec spec : missing) {
      try {
        added.add(binder.bind(spec, table(tables, spec)));
      } catch (BindException e) {
        problems.put(spec.name(), String.valueOf(e.getMessage()));
        failed.add(spec);
      }
    }
    hold(failed, next);
    return added;
  }

  /**
   * A listener that is named after its address, as Kuma's are, has another name when it moves: who
   * had the old one serves under the new name until the new address can be had. Only where it is
   * plain who moved where.
   */
  private void hold(List<ListenerSpec> failed, ProxySnapshot next) {
    Set<String> wanted = new HashSet<>();
    next.listeners().forEach(spec -> wanted.add(spec.name()));
    for (ListenerSpec spec : failed) {
      String stem = stem(spec);
      List<String> leaving =
          listeners.keySet().stream()
              .filter(name -> !wanted.contains(name))
              .filter(name -> stem(known(name).spec()).equals(stem))
              .toList();
      boolean alone = failed.stream().filter(other -> stem(other).equals(stem)).count() == 1;
      if (!stem.isEmpty() && !listeners.containsKey(spec.name()) && alone && leaving.size() == 1) {
        Listener moving = known(leaving.get(0));
        listeners.remove(leaving.get(0));
        listeners.put(spec.name(), moving);
      }
    }
  }

  private Listener known(String name) {
    return Objects.requireNonNull(listeners.get(name), name);
  }

  /** {@code inbound:} of {@code inbound:10.0.0.1:10001}; "" when it is not named so. */
  private static String stem(ListenerSpec spec) {
    String address = spec.address().toString();
    return spec.name().endsWith(address)
        ? spec.name().substring(0, spec.name().length() - address.length())
        : "";
  }

  /** Where connections for the listener of this name are taken now; empty when nowhere. */
  Optional<Address> servedAt(String name) {
    return Optional.ofNullable(listeners.get(name)).map(listener -> listener.spec().address());
  }

  /** These tables, and those of listeners that are held under a name that is not their own. */
  Map<String, SniTable> withHeld(Map<String, SniTable> tables) {
    Map<String, SniTable> all = new HashMap<>(tables);
    listeners.forEach(
        (name, listener) -> all.putIfAbsent(listener.spec().name(), listener.table()));
    return all;
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
    for (String name : List.copyOf(listeners.keySet())) {
      Listener listener = known(name);
      if (!staying.contains(name) && wanted.contains(listener.spec().address())) {
        listener.close();
        listeners.remove(name);
        gone.put(name, listener);
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
