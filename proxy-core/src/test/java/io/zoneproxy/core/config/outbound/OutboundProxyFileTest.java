package io.zoneproxy.core.config.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboundProxyFileTest {
  private final Path folder;
  private final Path file;
  private final Path login;
  private final List<String> problems = new ArrayList<>();

  OutboundProxyFileTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    file = folder.resolve("proxies");
    login = folder.resolve("login");
    Files.writeString(login, "zone:pass:word\n");
    mode("rw-------");
  }

  private void mode(String mode) throws IOException {
    Files.setPosixFilePermissions(login, PosixFilePermissions.fromString(mode));
  }

  private OutboundProxies read(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines));
    return OutboundProxyFile.read(file, problems::add);
  }

  private static String at(OutboundProxies proxies, String host) {
    return proxies.of(host).map(OutboundProxy::address).map(HostPort::toString).orElse("direct");
  }

  @Test
  void theFirstRuleThatMatchesDecides() throws IOException {
    OutboundProxies proxies =
        read(
            "# the company's",
            "",
            "Intern.Example direct   # not outside",
            "*.example\t10.0.0.1:3128",
            "192.0.2.7 proxy.corp:8080",
            "2001:DB8::1 [2001:db8::9]:80",
            "* 10.0.0.2:3128");
    assertThat(problems).isEmpty();
    assertThat(at(proxies, "intern.example")).isEqualTo("direct");
    assertThat(at(proxies, "API.Example.")).isEqualTo("10.0.0.1:3128");
    assertThat(at(proxies, "a.b.example")).isEqualTo("10.0.0.1:3128");
    assertThat(at(proxies, "example")).isEqualTo("10.0.0.2:3128");
    assertThat(at(proxies, "192.0.2.7")).isEqualTo("proxy.corp:8080");
    assertThat(at(proxies, "2001:db8:0:0::1")).isEqualTo("[2001:db8::9]:80");
    assertThat(proxies.hosts())
        .containsExactlyInAnyOrder("10.0.0.1", "proxy.corp", "2001:db8::9", "10.0.0.2");
  }

  @Test
  void withoutARuleThatMatchesItIsDialedItself() throws IOException {
    assertThat(at(read("a.example 10.0.0.1:3128"), "b.example")).isEqualTo("direct");
    assertThat(at(OutboundProxies.NONE, "b.example")).isEqualTo("direct");
  }

  @Test
  void everythingThatIsWrongIsSaidWithItsLine() throws IOException {
    read(
        "a.example",
        "b.example http://10.0.0.1:3128",
        "c.example 10.0.0.1:0",
        "d.example 10.0.0.1:65536",
        "e.example 10.0.0.1:3128 nowhere",
        "*.*.example 10.0.0.1:3128",
        "f.example direct login",
        "g.example 10.0.0.1:3128 login more",
        "h.example 2001:db8::9:80");
    assertThat(problems)
        .containsExactly(
            file
                + ":1: 1 words (expected: PATTERN HOST:PORT [CREDENTIALS-FILE], or PATTERN direct)",
            file + ":2: http://10.0.0.1:3128 (expected: HOST:PORT, or direct; no scheme, no path)",
            file + ":3: 10.0.0.1:0 (expected: HOST:PORT, or direct; no scheme, no path)",
            file + ":4: 10.0.0.1:65536 (expected: HOST:PORT, or direct; no scheme, no path)",
            file
                + ":5: "
                + folder.resolve("nowhere")
                + ": no such file (expected: USER:PASSWORD in one line)",
            file + ":6: *.*.example (expected: a host name, *.SUFFIX, an IP address or *)",
            file
                + ":7: 3 words (expected: PATTERN HOST:PORT [CREDENTIALS-FILE], or PATTERN direct)",
            file
                + ":8: 4 words (expected: PATTERN HOST:PORT [CREDENTIALS-FILE], or PATTERN direct)",
            file + ":9: 2001:db8::9:80 (expected: HOST:PORT, or direct; no scheme, no path)");
  }

  @Test
  void aPasswordThatStandsWhereItMustNotIsNotShown() throws IOException {
    read(
        "a.example http://zone:secretword@proxy.corp:3128",
        "b.example zone:secret@word@:0",
        "c.example 10.0.0.1:3128 zone:secretword");
    assertThat(problems)
        .containsExactly(
            file + ":1: ...@proxy.corp:3128 (expected: HOST:PORT, or direct; no scheme, no path)",
            file + ":2: ...@:0 (expected: HOST:PORT, or direct; no scheme, no path)",
            file
                + ":3: the third word is no file (expected: the path of one that holds"
                + " USER:PASSWORD, and not these themselves)");
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    OutboundProxyFile.read(folder.resolve("missing"), problems::add);
    assertThat(problems)
        .containsExactly(folder.resolve("missing") + ": no such file (expected: a file)");
  }

  private ProxyCredentials credentials() throws IOException {
    return read("* 10.0.0.1:3128 login")
        .of("a.example")
        .flatMap(OutboundProxy::credentials)
        .orElseThrow();
  }

  @Test
  void aPasswordMayHoldColonsAndIsNeverShown() throws IOException {
    ProxyCredentials credentials = credentials();
    assertThat(credentials.login()).isEqualTo(new ProxyCredentials.Login("zone", "pass:word"));
    assertThat(credentials + " " + credentials.login()).doesNotContain("word");
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    mode("rw-r--r--");
    read("* 10.0.0.1:3128 login");
    assertThat(problems)
        .containsExactly(
            "%s:1: %s: others may read or change the password in it (expected: mode 0600 or 0640; chmod 600 %s)"
                .formatted(file, login, login));
    problems.clear();
    mode("rw-r-----");
    read("* 10.0.0.1:3128 login");
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsNoUserAndPasswordIsRefusedAndNotShown() throws IOException {
    for (String text : List.of("", "secretword", ":secretword", "zone:secretword\nmore")) {
      problems.clear();
      Files.writeString(login, text);
      read("* 10.0.0.1:3128 login");
      assertThat(problems).hasSize(1);
      assertThat(problems.get(0))
          .endsWith("holds no user and password (expected: USER:PASSWORD in one line)")
          .doesNotContain("secretword");
    }
  }

  @Test
  void aChangedFileIsTakenOverAndABadOneIsSaidOnce() throws IOException {
    ProxyCredentials credentials = credentials();
    assertThat(credentials.refresh()).isFalse();
    Files.writeString(login, "zone:a longer one");
    assertThat(credentials.refresh()).isTrue();
    assertThat(credentials.login().password()).isEqualTo("a longer one");
    Files.writeString(login, "none");
    assertThatThrownBy(credentials::refresh).isInstanceOf(IOException.class);
    assertThat(credentials.refresh()).isFalse();
    Files.delete(login);
    assertThatThrownBy(credentials::refresh).hasMessageContaining("no such file");
    assertThat(credentials.refresh()).isFalse();
    assertThat(credentials.login().password()).isEqualTo("a longer one");
    Files.writeString(login, "zone:back");
    mode("rw-------");
    assertThat(credentials.refresh()).isTrue();
    assertThat(credentials.login().password()).isEqualTo("back");
  }

  @Test
  void theSameFileIsReadOnceForAllItsRules() throws IOException {
    OutboundProxies proxies = read("a 10.0.0.1:1 login", "b 10.0.0.1:1 login");
    Optional<ProxyCredentials> one = proxies.of("a").flatMap(OutboundProxy::credentials);
    assertThat(proxies.of("b").flatMap(OutboundProxy::credentials)).isEqualTo(one);
    assertThat(proxies.credentials()).hasSize(1);
  }
}
