package io.zoneproxy.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.admin.pages.LogLevels;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LoggingEndpointTest {
  private final Levels levels = new Levels();
  private final LoggingEndpoint endpoint = new LoggingEndpoint(levels);

  private AdminResponse ask(Map<String, List<String>> parameters) {
    return endpoint.handle(new AdminRequest("/logging", parameters));
  }

  @Test
  void showsTheLevels() {
    assertThat(endpoint.changes()).isTrue();
    assertThat(ask(Map.of()).body()).hasToString("active loggers:\n  admin: info\n  main: info\n");
  }

  @Test
  void setsAllOrSome() {
    ask(Map.of("level", List.of("debug")));
    assertThat(levels.all).containsEntry("admin", "debug").containsEntry("main", "debug");
    ask(Map.of("main", List.of("off")));
    assertThat(levels.all).containsEntry("admin", "debug").containsEntry("main", "off");
    assertThat(ask(Map.of("paths", List.of("main:info,admin:off"))).body())
        .hasToString("active loggers:\n  admin: off\n  main: info\n");
  }

  @Test
  void saysWhatIsWrong() {
    AdminResponse unknown = ask(Map.of("nobody", List.of("info")));
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body()).hasToString("nobody: no such logger\n");
    assertThat(ask(Map.of("paths", List.of("main"))).body())
        .hasToString("paths: main (expected: LOGGER:LEVEL)\n");
    assertThat(ask(Map.of("\u001b[2J\r\n\u202e", List.of("info"))).body())
        .hasToString("\\x1B[2J\\x0D\\x0A\\u202E: no such logger\n");
  }

  private static final class Levels implements LogLevels {
    private final SortedMap<String, String> all =
        new TreeMap<>(Map.of("main", "info", "admin", "info"));

    @Override
    public SortedMap<String, String> levels() {
      return all;
    }

    @Override
    public void set(String logger, String level) {
      if (!logger.isEmpty() && !all.containsKey(logger)) {
        throw new IllegalArgumentException(logger + ": no such logger");
      }
      all.replaceAll((name, old) -> logger.isEmpty() || logger.equals(name) ? level : old);
    }
  }
}
