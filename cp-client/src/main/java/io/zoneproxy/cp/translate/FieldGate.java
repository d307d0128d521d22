package io.zoneproxy.cp.translate;

import com.google.protobuf.Message;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldReport;
import io.zoneproxy.cp.translate.value.Problems;

/** Looks for fields of a message that no translator asks for and that may not be ignored. */
@FunctionalInterface
public interface FieldGate {
  /** Takes everything; for what is known to hold nothing else. */
  FieldGate OPEN = (resource, message, problems) -> {};

  /**
   * Notes what may not be ignored.
   *
   * @param resource its type and name
   */
  void check(String resource, Message message, Problems problems);

  /** The one that the program uses: the table of fields decides. */
  static FieldGate of(FieldCheck fields) {
    return (resource, message, problems) -> {
      FieldReport report = new FieldReport();
      fields.check(resource, message, report);
      report.refused().forEach(problems::addText);
    };
  }
}
