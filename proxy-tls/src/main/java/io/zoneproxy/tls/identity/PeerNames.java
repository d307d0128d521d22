package io.zoneproxy.tls.identity;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The names in a certificate, in its order. The JDK's own reading is not used: it refuses legal
 * names (a tag of Kuma need not be a legal host) and decodes illegal ones. A name with any other
 * than visible ASCII characters, a NUL byte for example, is counted and never matches.
 *
 * @param subject RFC 2253; "" when it is empty
 * @param uris URI SANs
 * @param dnsNames DNS SANs
 * @param addresses IP SANs, as text
 * @param emails e-mail SANs
 * @param odd names of these kinds that were left out
 */
public record PeerNames(
    String subject,
    List<String> uris,
    List<String> dnsNames,
    List<String> addresses,
    List<String> emails,
    int odd) {
  private static final char FIRST_VISIBLE = '!';
  private static final char LAST_VISIBLE = '~';
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** More are not shown: a certificate of Kuma has a name a tag. */
  private static final int SHOWN = 8;

  public PeerNames {
    uris = List.copyOf(uris);
    dnsNames = List.copyOf(dnsNames);
    addresses = List.copyOf(addresses);
    emails = List.copyOf(emails);
  }

  /**
   * Reads a certificate.
   *
   * @throws PeerRefusedException when its SAN extension cannot be read
   */
  public static PeerNames of(X509Certificate certificate) throws PeerRefusedException {
    Reading reading = new Reading();
    byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    if (extension != null) {
      try {
        byte[] content = ASN1OctetString.getInstance(extension).getOctets();
        for (GeneralName name : GeneralNames.getInstance(content).getNames()) {
          reading.take(name);
        }
      } catch (IllegalArgumentException | IllegalStateException e) { // not what ASN.1 wants there
        throw new PeerRefusedException("subject alternative names: unreadable", e);
      }
    }
    return new PeerNames(
        certificate.getSubjectX500Principal().getName(),
        reading.uris,
        reading.dnsNames,
        reading.addresses,
        reading.emails,
        reading.odd);
  }

  private static final class Reading {
    final List<String> uris = new ArrayList<>();
    final List<String> dnsNames = new ArrayList<>();
    final List<String> addresses = new ArrayList<>();
    final List<String> emails = new ArrayList<>();
    int odd;

    void take(GeneralName name) {
      switch (name.getTagNo()) {
        case GeneralName.uniformResourceIdentifier -> text(name, uris);
        case GeneralName.dNSName -> text(name, dnsNames);
        case GeneralName.rfc822Name -> text(name, emails);
        case GeneralName.iPAddress -> address(name);
        default -> {} // nobody asks for the other kinds
      }
    }

    private void text(GeneralName name, List<String> to) {
      String text = ASN1IA5String.getInstance(name.getName()).getString();
      boolean visible =
          !text.isEmpty() && text.chars().allMatch(c -> c >= FIRST_VISIBLE && c <= LAST_VISIBLE);
      if (visible) {
        to.add(text);
      } else {
        odd++;
      }
    }

    private void address(GeneralName name) {
      byte[] bytes = ASN1OctetString.getInstance(name.getName()).getOctets();
      if (bytes.length == IPV4_BYTES || bytes.length == IPV6_BYTES) {
        addresses.add(textOf(bytes));
      } else {
        odd++;
      }
    }
  }

  private static String textOf(byte[] address) {
    try {
      // An IPv4 address in IPv6's clothes stays what it is.
      return NetUtil.toAddressString(
          address.length == IPV6_BYTES
              ? Inet6Address.getByAddress("", address, -1)
              : InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e); // for another length only
    }
  }

  /** What was presented, for a message. */
  String shown() {
    List<String> all = new ArrayList<>();
    uris.forEach(name -> all.add("URI:" + name));
    dnsNames.forEach(name -> all.add("DNS:" + name));
    addresses.forEach(name -> all.add("IP:" + name));
    emails.forEach(name -> all.add("email:" + name));
    int more = Math.max(0, all.size() - SHOWN) + odd;
    String first = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    if (first.isEmpty()) {
      first = "subject \"" + subject + "\"";
    }
    return more == 0 ? first : first + " and " + more + " more";
  }
}
