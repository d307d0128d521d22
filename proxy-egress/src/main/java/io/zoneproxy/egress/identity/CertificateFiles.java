package io.zoneproxy.egress.identity;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a certificate, its key and its authority for other programs. */
public final class CertificateFiles {
  private CertificateFiles() {}

  /**
   * Writes {@code cert.pem}, {@code key.pem} and {@code ca.pem}, in the place of those that are
   * there; all with mode 0600.
   *
   * @param folder is made when it is not there
   */
  public static void write(Path folder, Issued issued, MeshAuthority authority) throws IOException {
    PrivateFiles.createFolder(folder);
    PrivateFiles.replace(folder.resolve("key.pem"), issued.key().pem());
    PrivateFiles.replace(folder.resolve("cert.pem"), issued.chain());
    PrivateFiles.replace(folder.resolve("ca.pem"), authority.certificates());
  }
}
