package io.zoneproxy.core.observe.access.format;

import io.zoneproxy.core.model.log.LogFormat;
import java.util.ArrayList;
import java.util.List;

/** Says what is wrong with a format, before it is taken. */
public final class FormatCheck {
  private FormatCheck() {}

  /**
   * Looks at a format.
   *
   * @return every problem with the place it is at ({@code message.t: %FOO% at character 3 …}); none
   *     when {@link RecordFormat} takes it
   */
  public static List<String> problems(LogFormat format) {
    List<String> problems = new ArrayList<>();
    RecordFormat.compile(format, problems);
    return List.copyOf(problems);
  }
}
