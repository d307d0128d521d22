package io.zoneproxy.cp.trust;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/** The host that a certificate has to name among its subject alternative names. Immutable. */
final class HostName {
  private static final String WILDCARD = "*.";

  private final String host;
  private final byte @Nullable [] address;

  /**
   * @param host DNS name or IP address, without brackets
   */
  HostName(String host) {
    this.host = host;
    this.address = NetUtil.createByteArrayFromIpAddressString(host);
  }

  /** Whether a certificate is for it; the subject's common name is not asked, as nowhere today. */
  boolean isIn(X509CertificateHolder certificate, NameRule rule) {
    return Arrays.stream(names(certificate)).anyMatch(name -> is(name, rule));
  }

  private boolean is(GeneralName name, NameRule rule) {
    if (name.getTagNo() == GeneralName.iPAddress) {
      byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
      return address != null && Arrays.equals(address, octets);
    }
    if (address != null || name.getTagNo() != GeneralName.dNSName) {
      return false;
    }
    String pattern = String.valueOf(name.getName()).toLowerCase(Locale.ROOT);
    String own = host.toLowerCase(Locale.ROOT);
    return pattern.equals(own) || (rule == NameRule.USUAL && matches(pattern, own));
  }

  /** RFC 6125 6.4.3: the wildcard stands for one whole label, the leftmost, of three or more. */
  private static boolean matches(String pattern, String own) {
    int dot = own.indexOf('.');
    return pattern.startsWith(WILDCARD)
        && pattern.indexOf('.', WILDCARD.length()) > 0
        && dot > 0
        && own.substring(dot).equals(pattern.substring(1));
  }

  private static GeneralName[] names(X509CertificateHolder certificate) {
    Extensions extensions = certificate.getExtensions();
    GeneralNames names =
        extensions == null
            ? null
            : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
    return names == null ? new GeneralName[0] : names.getNames();
  }

  /** For messages: what a certificate is for instead. */
  static List<String> shown(X509CertificateHolder certificate) {
    List<String> shown = new ArrayList<>();
    for (GeneralName name : names(certificate)) {
      if (name.getTagNo() == GeneralName.iPAddress) {
        byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
        shown.add(NetUtil.bytesToIpAddress(octets));
      } else {
        shown.add(String.valueOf(name.getName()));
      }
    }
    return shown;
  }

  @Override
  public String toString() {
    return host;
  }
}
