package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** nginx's stream module with ssl_preread and a map. */
public final class Nginx implements Peer {
  /** Where the distribution has its streams. */
  public static final Path MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

  @Override
  public String name() {
    return "nginx";
  }

  @Override
  public String title() {
    return "nginx stream";
  }

  @Override
  public Optional<String> absence() {
    return Programs.absence("nginx")
        .or(
            () ->
                Files.exists(MODULE)
                    ? Optional.empty()
                    : Optional.of("nginx has no stream module (expected: " + MODULE + ")"));
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    return Optional.of(launch(place, configuration(place)));
  }

  /** How it is started with this configuration, which is written to its folder. */
  public Launch launch(Place place, String configuration) throws IOException {
    Path file = place.folder().resolve("nginx.conf");
    Files.writeString(file, configuration);
    String program = Programs.find("nginx").orElseThrow().toString();
    return Launch.of(
        program, "-e", "stderr", "-p", place.folder().toString(), "-c", file.toString());
  }

  String configuration(Place place) {
    return String.join(
        "\n",
        "load_module " + MODULE + ";",
        "daemon off;",
        "user root;",
        "pid " + place.folder().resolve("nginx.pid") + ";",
        "error_log stderr error;",
        "worker_processes " + place.loops() + ";",
        "events {",
        "  worker_connections 18000;", // two for each of 5,000, and room
        "}",
        "stream {",
        "  map $ssl_preread_server_name $upstream {",
        "    " + place.serverName() + " " + place.upstream() + ";",
        "  }",
        "  server {",
        "    listen " + place.listen() + " reuseport backlog=4096;",
        "    ssl_preread on;",
        "    proxy_timeout 1h;",
        "    proxy_half_close on;", // without it an upload's end cuts the connection
        "    proxy_pass $upstream;",
        "  }",
        "}",
        "");
  }

  @Override
  public List<String> versionCommand() {
    return List.of("nginx", "-v");
  }
}
