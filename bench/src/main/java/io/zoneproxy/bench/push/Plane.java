package io.zoneproxy.bench.push;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The control plane with its services: bootstrap, stream, and what is pushed. One thread. */
final class Plane implements AutoCloseable {
  private final ControlPlane control;
  private final Line line;
  private final HttpServer bootstrap;
  private final Certificate certificate;
  private final Listener.Builder listener = Services.listener();
  private int version = 1;

  private Plane(ControlPlane control, Line line, HttpServer bootstrap, Certificate certificate) {
    this.control = control;
    this.line = line;
    this.bootstrap = bootstrap;
    this.certificate = certificate;
  }

  static Plane start(int services, int upstream) throws IOException {
    Certificate certificate = Certificate.make();
    ControlPlane control = new ControlPlane(certificate.keys());
    Line line = new Line(control.port());
    HttpsServer http =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
    Plane plane = new Plane(control, line, http, certificate);
    plane.fill(services, upstream);
    http.createContext(
        "/bootstrap",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] body = plane.answer(certificate.pem()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
    return plane;
  }

  private void fill(int count, int upstream) {
    List<Resource> clusters = new ArrayList<>();
    List<Resource> assignments = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < count; i++) {
      clusters.add(cluster(i));
      assignments.add(assignment(i, upstream));
      listener.addFilterChains(Services.chain(i));
      size += clusters.get(i).getSerializedSize() + assignments.get(i).getSerializedSize();
    }
    control.first(ResourceType.CLUSTER, clusters);
    control.first(ResourceType.ENDPOINT, assignments);
    Resource all = listenerNow();
    control.first(ResourceType.LISTENER, List.of(all));
    line.await(size + all.getSerializedSize());
  }

  private Resource cluster(int service) {
    ByteString bytes = Services.cluster(service).toByteString();
    return ControlPlane.resource(ResourceType.CLUSTER, Services.name(service), version, bytes);
  }

  private Resource assignment(int service, int upstream) {
    ByteString bytes = Services.assignment(service, upstream).toByteString();
    return ControlPlane.resource(ResourceType.ENDPOINT, Services.name(service), version, bytes);
  }

  private Resource listenerNow() {
    return ControlPlane.resource(
        ResourceType.LISTENER, Services.listenerName(), version, listener.build().toByteString());
  }

  /** Other endpoints for a service. */
  void endpoint(int service, int upstream) {
    version++;
    Resource changed = assignment(service, upstream);
    line.await(changed.getSerializedSize());
    control.push(ResourceType.ENDPOINT, changed);
  }

  /** One service more: its cluster, its endpoints, and all chains again. */
  void service(int service, int upstream) {
    version++;
    listener.addFilterChains(Services.chain(service));
    Resource cluster = cluster(service);
    Resource assignment = assignment(service, upstream);
    Resource all = listenerNow();
    line.await(
        (long) cluster.getSerializedSize()
            + assignment.getSerializedSize()
            + all.getSerializedSize());
    control.push(ResourceType.CLUSTER, cluster);
    control.push(ResourceType.ENDPOINT, assignment);
    control.push(ResourceType.LISTENER, all);
  }

  private String answer(String ca) {
    String yaml =
        """
        admin:
          address: {pipe: {mode: 384, path: /tmp/zoneproxy-bench-admin.sock}}
        dynamicResources:
          adsConfig:
            apiType: DELTA_GRPC
            grpcServices:
            - envoyGrpc: {clusterName: ads_cluster}
        node:
          id: .ingress-1
          cluster: ingress
          metadata: {features: [feature-delta-grpc]}
        staticResources:
          clusters:
          - name: ads_cluster
            type: STRICT_DNS
            loadAssignment:
              endpoints:
              - lbEndpoints:
                - endpoint: {address: {socketAddress: {address: "localhost", portValue: %d}}}
          secrets:
          - name: cp_validation_ctx
            validationContext: {trustedCa: {inlineBytes: %s}}
        """
            .formatted(line.port(), base64(ca));
    return "{\"bootstrap\":\"%s\"}".formatted(base64(yaml));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Where the proxy asks for its bootstrap. */
  String address() {
    return "https://localhost:" + bootstrap.getAddress().getPort();
  }

  /** CA of both its servers. */
  String ca() {
    return certificate.pem();
  }

  /** Of the stream, for those that need no bootstrap. */
  int streamPort() {
    return line.port();
  }

  /** When it asked for the first resources, by nanoTime. */
  long askedAt() {
    return control.askedAt();
  }

  /** When the last byte of what was pushed last had gone to the proxy. */
  long lastByteAt() {
    return line.reachedAt();
  }

  long bytes() {
    return control.bytes();
  }

  int responses() {
    return control.responses();
  }

  int refusals() {
    return control.refusals();
  }

  @Override
  public void close() throws IOException {
    bootstrap.stop(0);
    control.close();
    line.close();
  }
}
