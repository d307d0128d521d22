package io.zoneproxy.core.admin.pages;

import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.observe.process.CertificateInventory.Certificate;
import io.zoneproxy.core.text.JsonWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** {@code /certs}: Envoy's message {@code admin.v3.Certificates}, public parts only. */
public final class CertsPage {
  private CertsPage() {}

  /** One entry for each TLS context. */
  public static CharSequence json(CertificateInventory inventory) {
    Instant now = Instant.now();
    StringBuilder out = new StringBuilder();
    JsonWriter json = new JsonWriter(out).beginObject().name("certificates").beginArray();
    for (CertificateInventory.Context context : inventory.contexts()) {
      write(json.beginObject().name("ca_cert"), context.trusted(), now);
      write(json.name("cert_chain"), context.chain(), now);
      json.endObject();
    }
    json.endArray().endObject();
    return out;
  }

  private static void write(JsonWriter json, List<Certificate> certificates, Instant now) {
    json.beginArray();
    for (Certificate each : certificates) {
      json.beginObject().name("path").value(each.path());
      json.name("serial_number").value(each.serial());
      json.name("subject_alt_names").beginArray();
      each.names()
          .forEach(alt -> json.beginObject().name(alt.kind()).value(alt.value()).endObject());
      json.endArray();
      json.name("days_until_expiration").value(Long.toString(each.daysLeft(now)));
      json.name("valid_from").value(each.validFrom().truncatedTo(ChronoUnit.SECONDS).toString());
      json.name("expiration_time").value(each.validTo().truncatedTo(ChronoUnit.SECONDS).toString());
      json.endObject();
    }
    json.endArray();
  }
}
