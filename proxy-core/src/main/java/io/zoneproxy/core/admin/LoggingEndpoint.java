package io.zoneproxy.core.admin;

import io.zoneproxy.core.admin.pages.LogLevels;
import io.zoneproxy.core.text.Lines;

/** {@code POST /logging}, as Envoy has it: shows the levels of the log, after it has set them. */
public final class LoggingEndpoint implements AdminEndpoint {
  private static final int BAD_REQUEST = 400;

  private final LogLevels log;

  /**
   * @param log what is shown and set
   */
  public LoggingEndpoint(LogLevels log) {
    this.log = log;
  }

  @Override
  public String path() {
    return "/logging";
  }

  @Override
  public String help() {
    return "query/change logging levels (level; paths: LOGGER:LEVEL,...; LOGGER=LEVEL)";
  }

  @Override
  public boolean changes() {
    return true;
  }

  @Override
  public AdminResponse handle(AdminRequest request) {
    try {
      request.parameters().keySet().forEach(name -> set(name, request.parameter(name)));
    } catch (IllegalArgumentException e) {
      return AdminResponse.text(
          BAD_REQUEST, new Lines().add(String.valueOf(e.getMessage())).toString());
    }
    StringBuilder out = new StringBuilder("active loggers:\n");
    log.levels()
        .forEach(
            (name, level) -> out.append("  ").append(name).append(": ").append(level).append('\n'));
    return AdminResponse.text(out);
  }

  private void set(String parameter, String value) {
    switch (parameter) {
      case "level" -> log.set("", value);
      case "paths" -> {
        for (String pair : value.split(",", -1)) {
          int colon = pair.lastIndexOf(':');
          if (colon < 1) {
            throw new IllegalArgumentException("paths: " + pair + " (expected: LOGGER:LEVEL)");
          }
          log.set(pair.substring(0, colon), pair.substring(colon + 1));
        }
      }
      default -> log.set(parameter, value);
    }
  }
}
