package io.zoneproxy.cp.translate.value;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldReport;
import java.util.Collection;
import java.util.function.Consumer;

/** Looks for fields of a message that no translator asks for and that may not be ignored. */
@FunctionalInterface
public interface FieldGate {
  /** Takes everything; for what is known to hold nothing else. */
  FieldGate OPEN =
      new FieldGate() {
        @Override
        public void check(String resource, Message message, Problems problems) {
          // all is well
        }

        @Override
        public boolean passes(Descriptor type, ByteString bytes) {
          return true;
        }
      };

  /**
   * Notes what may not be ignored.
   *
   * @param resource its type and name
   */
  void check(String resource, Message message, Problems problems);

  /**
   * Whether {@link #check} would note nothing, when that is seen from the bytes alone.
   *
   * @param type of the message that they are
   */
  default boolean passes(Descriptor type, ByteString bytes) {
    return false;
  }

  /** The one that the program uses: the table of fields decides. */
  static FieldGate of(FieldCheck fields) {
    return of(fields, ignored -> {});
  }

  /**
   * The same.
   *
   * @param ignored told the full names of fields that change nothing here
   */
  static FieldGate of(FieldCheck fields, Consumer<Collection<String>> ignored) {
    return new FieldGate() {
      @Override
      public void check(String resource, Message message, Problems problems) {
        FieldReport report = new FieldReport();
        fields.check(resource, message, report);
        report.refused().forEach(problems::addText);
        ignored.accept(report.harmless().keySet());
        ignored.accept(report.waiting().keySet());
      }

      @Override
      public boolean passes(Descriptor type, ByteString bytes) {
        return fields.passes(type, bytes);
      }
    };
  }
}
