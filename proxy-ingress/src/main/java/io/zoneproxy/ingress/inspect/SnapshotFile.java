package io.zoneproxy.ingress.inspect;

import io.zoneproxy.cp.assemble.Assembled;
import io.zoneproxy.cp.assemble.Assembler;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldReport;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.ingress.flags.UsageException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
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
    KnownTypes types = XdsTypes.KNOWN;
    Capture capture;
    try {
      capture = Capture.read(file, types);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--snapshot: " + e.getMessage());
    }
    FieldReport report = new FieldReport();
    FieldCheck check = new FieldCheck(FieldTable.load(), types);
    for (RawResource resource : capture.resources()) {
      capture.message(resource).ifPresent(message -> check.check(resource.id(), message, report));
    }
    Assembled assembled = Assembler.of(FieldGate.of(check), capture.resources());
    Set<String> refused = new LinkedHashSet<>(capture.problems());
    refused.addAll(assembled.notices().problems());
    return new SnapshotVerdict(
        assembled.snapshot(), report.honoured(), report.harmless(), report.waiting(), refused);
  }
}
