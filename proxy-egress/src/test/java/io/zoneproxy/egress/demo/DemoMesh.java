package io.zoneproxy.egress.demo;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.egress.demo.DemoWorld.Instance;
import io.zoneproxy.egress.identity.CertificateMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The demo's certificates and its HTTP service, for tests of other packages. */
public final class DemoMesh implements AutoCloseable {
  private final DemoCertificates certificates;
  private final DemoFolder folder;
  private final List<DemoService> services = new ArrayList<>();

  private DemoMesh(DemoCertificates certificates, DemoFolder folder) {
    this.certificates = certificates;
    this.folder = folder;
  }

  /** Makes a certificate authority, and a folder with its and a client's certificate. */
  public static DemoMesh create() throws IOException, GeneralSecurityException {
    DemoMesh mesh = new DemoMesh(DemoCertificates.create(), DemoFolder.create());
    mesh.certificates.writeTo(mesh.folder);
    return mesh;
  }

  /** Has {@code ca.pem}, {@code client.pem} and {@code client.key}. */
  public Path folder() {
    return folder.path();
  }

  public X509Certificate authority() {
    return certificates.authority();
  }

  /** The one whose files are in the folder. */
  public Identity client() {
    return Identity.of(certificates.client());
  }

  /** A certificate with the service's SPIFFE name and the DNS name of its hash form. */
  public Identity issue(String service) throws IOException, GeneralSecurityException {
    return Identity.of(certificates.issue(instance(service)));
  }

  /**
   * Starts an instance that answers HTTP over mutual TLS.
   *
   * @param loop runs it; the caller closes it
   * @return its port on 127.0.0.1
   */
  public int startHttp(EventLoopGroup loop, String service)
      throws IOException, GeneralSecurityException {
    DemoService started = DemoService.start(loop, instance(service), certificates);
    services.add(started);
    return started.instance().port();
  }

  private static Instance instance(String service) {
    return new Instance(service + "-west-1", service, "west", "v1", 0);
  }

  @Override
  public void close() throws IOException {
    services.forEach(DemoService::close);
    folder.close();
  }

  /** A certificate with its key. */
  public record Identity(PrivateKey key, X509Certificate certificate) {
    private static Identity of(CertificateMaker.Made made) {
      return new Identity(made.key(), made.certificate());
    }

    /** Without the key. */
    @Override
    public String toString() {
      return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
  }
}
