package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import java.util.List;

/** Reads texts in tests, under the name {@code f.yaml}. */
public final class Reading {
  private Reading() {}

  public static ReadFile folder(String text) {
    return new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", text);
  }

  public static ReadFile own(String text) {
    return new ResourceReader(ResourceReader.Use.OWN).read("f.yaml", text);
  }

  /** The one resource of a text about which there is nothing to say. */
  public static <T extends Resource> T one(Class<T> kind, String text) {
    ReadFile file = folder(text);
    assertThat(problems(file)).isEmpty();
    assertThat(file.resources()).hasSize(1);
    return kind.cast(file.resources().get(0));
  }

  public static List<String> problems(ReadFile file) {
    return strings(file.problems());
  }

  public static List<String> strings(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }
}
