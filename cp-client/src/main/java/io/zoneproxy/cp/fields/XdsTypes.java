package io.zoneproxy.cp.fields;

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
  /** Several are called alike. */
  private static final List<MessageType<?>> ALL =
      List.of(
          new MessageType<>(Action.getDescriptor(), Action.parser()),
          new MessageType<>(DatadogConfig.getDescriptor(), DatadogConfig.parser()),
          new MessageType<>(OpenTelemetryConfig.getDescriptor(), OpenTelemetryConfig.parser()),
          new MessageType<>(ZipkinConfig.getDescriptor(), ZipkinConfig.parser()),
          new MessageType<>(FileAccessLog.getDescriptor(), FileAccessLog.parser()),
          new MessageType<>(ExpressionFilter.getDescriptor(), ExpressionFilter.parser()),
          new MessageType<>(
              OpenTelemetryAccessLogConfig.getDescriptor(), OpenTelemetryAccessLogConfig.parser()),
          new MessageType<>(ExtensionWithMatcher.getDescriptor(), ExtensionWithMatcher.parser()),
          new MessageType<>(SkipFilter.getDescriptor(), SkipFilter.parser()),
          new MessageType<>(HTTPFault.getDescriptor(), HTTPFault.parser()),
          new MessageType<>(FilterConfig.getDescriptor(), FilterConfig.parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                  .getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                  .parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.parser()),
          new MessageType<>(Router.getDescriptor(), Router.parser()),
          new MessageType<>(TlsInspector.getDescriptor(), TlsInspector.parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config
                  .getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config.parser()),
          new MessageType<>(HttpConnectionManager.getDescriptor(), HttpConnectionManager.parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit
                  .getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit
                  .parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.parser()),
          new MessageType<>(
              io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config
                  .getDescriptor(),
              io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config.parser()),
          new MessageType<>(TcpProxy.getDescriptor(), TcpProxy.parser()),
          new MessageType<>(
              HealthCheckEventFileSink.getDescriptor(), HealthCheckEventFileSink.parser()),
          new MessageType<>(ServerNameInput.getDescriptor(), ServerNameInput.parser()),
          new MessageType<>(UriSanInput.getDescriptor(), UriSanInput.parser()),
          new MessageType<>(DownstreamTlsContext.getDescriptor(), DownstreamTlsContext.parser()),
          new MessageType<>(
              SPIFFECertValidatorConfig.getDescriptor(), SPIFFECertValidatorConfig.parser()),
          new MessageType<>(UpstreamTlsContext.getDescriptor(), UpstreamTlsContext.parser()),
          new MessageType<>(HttpProtocolOptions.getDescriptor(), HttpProtocolOptions.parser()));

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
