package io.zoneproxy.cp.fields;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.rbac.v3.Action;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.UriSanInput;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/** The messages that kuma-cp puts into an {@code Any} for a zone proxy. */
public final class XdsTypes {
  /** One of each; several messages are called alike. */
  private static final List<Message> ALL =
      List.of(
          Action.getDefaultInstance(),
          DatadogConfig.getDefaultInstance(),
          OpenTelemetryConfig.getDefaultInstance(),
          ZipkinConfig.getDefaultInstance(),
          FileAccessLog.getDefaultInstance(),
          ExpressionFilter.getDefaultInstance(),
          OpenTelemetryAccessLogConfig.getDefaultInstance(),
          ExtensionWithMatcher.getDefaultInstance(),
          SkipFilter.getDefaultInstance(),
          HTTPFault.getDefaultInstance(),
          FilterConfig.getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
              .getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDefaultInstance(),
          Router.getDefaultInstance(),
          TlsInspector.getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config
              .getDefaultInstance(),
          HttpConnectionManager.getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit
              .getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDefaultInstance(),
          io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config
              .getDefaultInstance(),
          TcpProxy.getDefaultInstance(),
          HealthCheckEventFileSink.getDefaultInstance(),
          ServerNameInput.getDefaultInstance(),
          UriSanInput.getDefaultInstance(),
          DownstreamTlsContext.getDefaultInstance(),
          SPIFFECertValidatorConfig.getDefaultInstance(),
          UpstreamTlsContext.getDefaultInstance(),
          HttpProtocolOptions.getDefaultInstance());

  /** For all who read them: to make it takes as long as reading all their descriptors. */
  public static final KnownTypes KNOWN = new KnownTypes(ALL);

  private XdsTypes() {}

  /**
   * Returns when all are read, whoever reads them. To be called before any message is touched: two
   * threads that begin with different ones might wait for each other.
   */
  public static void prepare() {
    // The class is initialized: that was all.
  }
}
