package io.zoneproxy.cp;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * What a control plane behind a CA shows.
 *
 * @param shown for localhost, with the CA between it and the root
 * @param rootPem what trusts it
 */
public record CpChain(CpCertificate shown, String rootPem) {
  /** A root that has signed a CA that has signed the certificate. */
  public static CpChain make() throws Exception {
    X509Bundle root =
        new CertificateBuilder().subject("CN=r").setIsCertificateAuthority(true).buildSelfSigned();
    X509Bundle middle =
        new CertificateBuilder()
            .subject("CN=m")
            .setIsCertificateAuthority(true)
            .buildIssuedBy(root);
    X509Bundle leaf =
        new CertificateBuilder().subject("CN=cp").addSanDnsName("localhost").buildIssuedBy(middle);
    return new CpChain(CpCertificate.of(leaf, middle), root.getCertificatePEM());
  }
}
