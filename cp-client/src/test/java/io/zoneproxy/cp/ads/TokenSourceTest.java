package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenSourceTest {
  @Test
  void readsTheFileEachTime(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), " one\n");
    TokenSource source = TokenSource.file(file);
    assertThat(source.read()).isEqualTo("one");
    Files.writeString(file, "two");
    assertThat(source.read()).isEqualTo("two");
  }

  @Test
  void saysWhichFileHoldsNoToken(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("token");
    assertThatThrownBy(() -> TokenSource.file(file).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> TokenSource.file(file).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty");
  }
}
