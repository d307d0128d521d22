package io.zoneproxy.core.admin.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.observe.process.CertificateInventory.AltName;
import io.zoneproxy.core.observe.process.CertificateInventory.Certificate;
import io.zoneproxy.core.observe.process.CertificateInventory.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertsPageTest {
  private final Instant now = Instant.now();

  private Certificate certificate(Duration left, AltName... names) {
    return new Certificate("<inline>", "5d", List.of(names), now.minusSeconds(60), now.plus(left));
  }

  @Test
  void showsEveryContextAsEnvoyDoes() {
    Instant from = Instant.parse("2020-01-01T00:00:00.5Z");
    Instant to = Instant.parse("2021-01-01T00:00:00Z");
    Certificate trusted = new Certificate("/etc/ca.pem", "0", List.of(), from, to);
    Certificate own =
        new Certificate(
            "<inline>",
            "502dc7",
            List.of(
                new AltName("uri", "spiffe://default/backend"),
                new AltName("ip_address", "10.9.1.21")),
            from,
            to);
    CertificateInventory inventory =
        () ->
            List.of(new Context(List.of(trusted), List.of(own)), new Context(List.of(), List.of()));

    assertThat(CertsPage.json(inventory))
        .hasToString(
            "{\"certificates\":[{\"ca_cert\":[{\"path\":\"/etc/ca.pem\",\"serial_number\":\"0\","
                + "\"subject_alt_names\":[],\"days_until_expiration\":\"0\","
                + "\"valid_from\":\"2020-01-01T00:00:00Z\","
                + "\"expiration_time\":\"2021-01-01T00:00:00Z\"}],"
                + "\"cert_chain\":[{\"path\":\"<inline>\",\"serial_number\":\"502dc7\","
                + "\"subject_alt_names\":[{\"uri\":\"spiffe://default/backend\"},"
                + "{\"ip_address\":\"10.9.1.21\"}],\"days_until_expiration\":\"0\","
                + "\"valid_from\":\"2020-01-01T00:00:00Z\","
                + "\"expiration_time\":\"2021-01-01T00:00:00Z\"}]},"
                + "{\"ca_cert\":[],\"cert_chain\":[]}]}");
  }

  @Test
  void theFirstToExpireCounts() {
    Certificate year = certificate(Duration.ofDays(365));
    Certificate days = certificate(Duration.ofDays(9).plusHours(12));
    CertificateInventory both = () -> List.of(new Context(List.of(year), List.of(days)));

    assertThat(both.daysUntilFirstExpiry()).hasValue(9);
    CertificateInventory gone =
        () -> List.of(new Context(List.of(year, certificate(Duration.ofDays(-3))), List.of()));
    assertThat(gone.daysUntilFirstExpiry()).hasValue(0);
    assertThat(CertificateInventory.NONE.daysUntilFirstExpiry()).isEmpty();
  }
}
