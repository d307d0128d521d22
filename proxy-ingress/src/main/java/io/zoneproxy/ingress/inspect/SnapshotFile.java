package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldReport;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.ingress.flags.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads what a control plane has sent from a file, and looks at it without running a proxy. */
final class SnapshotFile {
  private SnapshotFile() {}

  /**
   * Reads, looks at every field and translates.
   *
   * @throws UsageException when the file cannot be read or is none
   */
  static SnapshotVerdict read(Path file) {
    KnownTypes types = new KnownTypes(XdsTypes.ALL);
    Capture capture;
    try {
      capture = Capture.read(file, types);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--snapshot: " + e.getMessage());
    }
    FieldReport report = new FieldReport();
    List<RawResource> good = good(capture, new FieldCheck(FieldTable.load(), types), report);
    Set<String> refused = new LinkedHashSet<>(capture.problems());
    refused.addAll(report.refused());
    return new SnapshotVerdict(
        ProxySnapshot.EMPTY, report.honoured(), report.harmless(), report.waiting(), refused);
  }

  /** Those without a field that is refused: with one, the whole resource is. */
  private static List<RawResource> good(Capture capture, FieldCheck check, FieldReport report) {
    List<RawResource> good = new ArrayList<>();
    for (RawResource resource : capture.resources()) {
      int refused = report.refused().size();
      capture.message(resource).ifPresent(message -> check.check(resource.id(), message, report));
      if (report.refused().size() == refused) {
        good.add(resource);
      }
    }
    return good;
  }
}
