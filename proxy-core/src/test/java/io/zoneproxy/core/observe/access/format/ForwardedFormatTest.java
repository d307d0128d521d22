package io.zoneproxy.core.observe.access.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogFormat.Json;
import io.zoneproxy.core.model.log.LogFormat.Text;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedFormatTest {
  @ParameterizedTest
  @CsvSource({
    "/tmp/zp/kuma-al-zp-1-default.sock, true",
    "kuma-al-x-.sock, true",
    "/tmp/kuma-al-a/access.sock, false",
    "/tmp/kuma-al-a.log, false",
    "/, false",
  })
  void knowsThePipesByTheirNames(String path, boolean pipe) {
    assertThat(ForwardedFormat.isPipe(path)).isEqualTo(pipe);
  }

  @ParameterizedTest
  @CsvSource({
    "logs.example.com:5000, logs.example.com, 5000",
    "10.0.0.1:1, 10.0.0.1, 1",
    "[fd00::1]:65535, fd00::1, 65535",
    "logs_svc:5000, logs_svc, 5000",
  })
  void takesBothForms(String address, String host, int port) {
    LogFormat message = new Json(Map.of("t", new Text("%START_TIME%")), false);
    LogFormat object = new Json(Map.of("address", new Text(address), "message", message), false);

    assertThat(ForwardedFormat.of(object)).isEqualTo(new ForwardedFormat(host, port, message));
    assertThat(ForwardedFormat.of(new Text(address + ";a;%DURATION%\n")))
        .isEqualTo(new ForwardedFormat(host, port, new Text("a;%DURATION%\n")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "host:", ":1", "host:0", "host:65536", "%HOSTNAME%:1", "a b:1"})
  void refusesOtherAddresses(String address) {
    assertThatThrownBy(() -> ForwardedFormat.of(new Text(address + ";x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("expected");
  }

  @Test
  void refusesOtherForms() {
    assertThatThrownBy(() -> ForwardedFormat.of(new Text("%START_TIME%")))
        .hasMessageContaining("no address and message");
    assertThatThrownBy(() -> ForwardedFormat.of(new Json(Map.of("message", new Text("x")), false)))
        .hasMessageContaining("no address and message");
  }
}
