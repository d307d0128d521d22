package io.zoneproxy.core.upstream.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request of HTTP.
 *
 * @param http2 whether it is HTTP/2 that is spoken, without asking first
 * @param request makes it
 * @param judge makes what judges the answer
 */
record HttpQuestion(boolean http2, Supplier<FullHttpRequest> request, Supplier<Judge> judge)
    implements Question {
  /** Judges an answer, of which it sees every part until it has decided. */
  interface Judge {
    /** Null when the head does not decide. */
    @Nullable Outcome onHead(HttpResponse head);

    /** Null when this does not decide. The part stays the caller's. */
    @Nullable Outcome onContent(HttpContent part);
  }

  @Override
  public void ask(Channel open, Consumer<Outcome> told) {
    Reader reader = new Reader(judge.get(), told);
    if (!http2) {
      open.pipeline().addLast(new HttpClientCodec(), reader);
      open.writeAndFlush(request.get(), open.voidPromise());
      return;
    }
    open.pipeline()
        .addLast(
            Http2FrameCodecBuilder.forClient()
                .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
                .build(),
            new Http2MultiplexHandler(stream(Channel::close))); // nobody pushes to us
    new Http2StreamChannelBootstrap(open)
        .handler(
            stream(
                stream ->
                    stream
                        .pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(false), reader)))
        .open()
        .addListener(
            opened -> {
              if (opened.isSuccess()) {
                Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                stream.writeAndFlush(request.get(), stream.voidPromise());
              } else {
                told.accept(Outcome.FAILED);
              }
            });
  }

  private static ChannelInitializer<Channel> stream(Consumer<Channel> handlers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        handlers.accept(stream);
      }
    };
  }

  private static final class Reader extends SimpleChannelInboundHandler<HttpObject> {
    private final Judge judge;
    private final Consumer<Outcome> told;
    private boolean interim;
    private boolean decided;

    Reader(Judge judge, Consumer<Outcome> told) {
      this.judge = judge;
      this.told = told;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
      if (part.decoderResult().isFailure()) {
        decide(Outcome.FAILED);
      }
      if (part instanceof HttpResponse head) {
        interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (!interim) {
          decide(judge.onHead(head));
        }
      }
      if (part instanceof HttpContent content && !interim && !decided) {
        decide(judge.onContent(content));
      }
    }

    private void decide(@Nullable Outcome outcome) {
      if (outcome != null && !decided) {
        decided = true;
        told.accept(outcome);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      decide(Outcome.FAILED); // a stream, whose connection may go on
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      decide(Outcome.FAILED); // whatever it was: the endpoint has not answered
    }
  }
}
