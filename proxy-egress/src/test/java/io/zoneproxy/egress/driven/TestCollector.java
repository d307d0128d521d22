package io.zoneproxy.egress.driven;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A collector of OpenTelemetry: gRPC's own server. */
public final class TestCollector implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  /** Messages with spans. */
  public final BlockingQueue<ExportTraceServiceRequest> traces = new LinkedBlockingQueue<>();

  /** Messages with records of logs. */
  public final BlockingQueue<ExportLogsServiceRequest> logs = new LinkedBlockingQueue<>();

  volatile boolean refusing;
  private final Server server;

  /** Listens on a port of the kernel's choice. */
  public TestCollector() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Traces())
            .addService(new Logs())
            .build()
            .start();
  }

  /** Where it listens, on loopback. */
  public int port() {
    return server.getPort();
  }

  /** The next message; fails when there is none in time. */
  public static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the collector was told nothing");
    }
    return next;
  }

  private <T, A> void answer(T message, BlockingQueue<T> to, StreamObserver<A> answers, A answer) {
    if (refusing) {
      answers.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    to.add(message);
    answers.onNext(answer);
    answers.onCompleted();
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        @Nullable ExportTraceServiceRequest message,
        @Nullable StreamObserver<ExportTraceServiceResponse> answers) {
      if (message != null && answers != null) {
        answer(message, traces, answers, ExportTraceServiceResponse.getDefaultInstance());
      }
    }
  }

  private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(
        @Nullable ExportLogsServiceRequest message,
        @Nullable StreamObserver<ExportLogsServiceResponse> answers) {
      if (message != null && answers != null) {
        answer(message, logs, answers, ExportLogsServiceResponse.getDefaultInstance());
      }
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
