package io.zoneproxy.core.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.Matching;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix socket that is listened on. Nothing is peeked at: the chain that takes anything begins at
 * once. Owns the socket and its file.
 */
final class PipeSocket {
  private static final Logger log = LoggerFactory.getLogger(PipeSocket.class);

  private final Channel channel;
  private final Path file;

  private PipeSocket(Channel channel, Path file) {
    this.channel = channel;
    this.file = file;
  }

  /**
   * Binds; takes the place of a socket that nobody listens on any more. Not on an event loop.
   *
   * @param loop of NIO
   */
  static PipeSocket bind(Pipe pipe, EventLoop loop, ListenerContext context) throws IOException {
    Path file = Path.of(pipe.path());
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(file);
    removeStale(file, address);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(new Accepted(context))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      bound.channel().close();
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    PipeSocket socket = new PipeSocket(bound.channel(), file);
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      socket.stopAccepting();
      throw new IOException("its mode cannot be set to 0600: " + e.getMessage(), e);
    }
  }

  /** An earlier run that was killed leaves its file behind, which would be in the way. */
  private static void removeStale(Path file, UnixDomainSocketAddress address) throws IOException {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!found.isOther()) {
      throw new IOException("a file that is no socket has this name");
    }
    try (SocketChannel dialed = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      dialed.connect(address);
    } catch (IOException e) {
      log.debug("{}: removed, nobody listens: {}", file, e.getMessage());
      Files.deleteIfExists(file);
      return;
    }
    throw new IOException("the address is in use"); // worded as the system words it for ports
  }

  /** Stops accepting and removes the file. */
  Future<?> stopAccepting() {
    ChannelFuture closed = channel.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{}: cannot be removed: {}", file, e.getMessage());
    }
    return closed;
  }

  /** Where the handlers of a fresh connection are put in. */
  private static final class Accepted extends ChannelInitializer<Channel> {
    private final ListenerContext context;

    Accepted(ListenerContext context) {
      this.context = context;
    }

    @Override
    protected void initChannel(Channel downstream) {
      ConnectionBook book = new ConnectionBook(context, null);
      CloseReason refused = context.admission().admit();
      if (refused == null) {
        downstream.pipeline().addLast(new Begin(context, book));
      } else {
        context.stats().overflow.increment();
        book.end(refused, "");
        downstream.close();
      }
    }
  }

  /** Picks the chain as soon as the channel is there. */
  private static final class Begin extends ChannelInboundHandlerAdapter {
    private final ListenerContext context;
    private final ConnectionBook book;

    Begin(ListenerContext context, ConnectionBook book) {
      this.context = context;
      this.book = book;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.channel().config().setAutoRead(false);
      ctx.pipeline().remove(this);
      FilterChain chain = Matching.match(context, book, Opening.PLAIN);
      if (chain instanceof FilterChain.Terminate end) {
        HandedOver.enter(context, book, ctx.channel(), end).begin(end, Unpooled.EMPTY_BUFFER);
      } else if (chain instanceof FilterChain.Refuse refuse) {
        refuse(ctx.channel(), refuse.reason(), refuse.detail());
      } else {
        refuse(ctx.channel(), CloseReason.NOT_SUPPORTED, "a relay from a Unix socket");
      }
    }

    private void refuse(Channel downstream, CloseReason reason, String detail) {
      book.end(reason, detail, context.admission()::release);
      downstream.close();
    }
  }
}
