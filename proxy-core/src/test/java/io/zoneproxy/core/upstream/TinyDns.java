package io.zoneproxy.core.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on loopback that knows what a test tells it, IPv4 only. */
final class TinyDns implements AutoCloseable {
  /** The names that were asked for, with the dot at the end. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  private final Map<String, List<byte[]>> addresses = new ConcurrentHashMap<>();
  private final Channel channel;
  private volatile boolean mute;

  TinyDns(EventLoop loop) {
    channel =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel created) {
                    created
                        .pipeline()
                        .addLast(
                            new DatagramDnsQueryDecoder(),
                            new DatagramDnsResponseEncoder(),
                            new Answers());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Answers like this from now on; without an address, that the name does not exist. */
  void answer(String name, byte[]... known) {
    addresses.put(name + ".", List.of(known));
  }

  /** Answers nothing at all any more. */
  void mute() {
    mute = true;
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
  }

  private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
      DnsQuestion question = query.recordAt(DnsSection.QUESTION);
      asked.add(question.name());
      if (mute) {
        return;
      }
      List<byte[]> known = addresses.getOrDefault(question.name(), List.of());
      DatagramDnsResponse response =
          new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
      response.addRecord(DnsSection.QUESTION, question);
      if (known.isEmpty()) {
        response.setCode(DnsResponseCode.NXDOMAIN);
      } else if (question.type().equals(DnsRecordType.A)) {
        known.forEach(
            address ->
                response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(
                        question.name(), DnsRecordType.A, 0, Unpooled.wrappedBuffer(address))));
      }
      ctx.writeAndFlush(response, ctx.voidPromise());
    }
  }
}
