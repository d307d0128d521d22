package io.zoneproxy.bench.side;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A proxy that is measured, or the lack of one. */
public interface Peer {
  /** For the command line and the CSV file. */
  String name();

  /** For people. */
  String title();

  /** Why it cannot run here; empty when it can. */
  Optional<String> absence();

  /** Whether it can use so many event loops, workers or threads. */
  boolean takes(int loops);

  /** Writes its configuration, without an access log, and says how to start it. */
  Optional<Launch> prepare(Place place) throws IOException;

  /** Prints its version on the first line; empty when there is nothing to ask. */
  List<String> versionCommand();
}
