package io.zoneproxy.core.upstream.health;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.zoneproxy.core.model.balance.HealthCheck;
import java.util.List;
import java.util.function.Consumer;

/** Sends bytes and looks for the parts of the answer; to be connected may be enough. */
record TcpQuestion(HealthCheck.Tcp probe) implements Question {
  /** The words are few; an endpoint that sends and sends is not the one that is meant. */
  private static final int MOST_BYTES = 1024 * 1024;

  @Override
  public void ask(Channel open, Consumer<Outcome> told) {
    AnswerMatch answer = new AnswerMatch(parts(probe.receive()));
    if (!probe.send().isEmpty()) {
      byte[] words = ByteBufUtil.decodeHexDump(probe.send());
      open.writeAndFlush(Unpooled.wrappedBuffer(words), open.voidPromise());
    }
    if (answer.complete()) {
      told.accept(Outcome.PASSED);
    } else {
      open.pipeline().addLast(new Reader(answer, told));
    }
  }

  private static List<byte[]> parts(List<String> hex) {
    return hex.stream().map(ByteBufUtil::decodeHexDump).toList();
  }

  private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
    private final AnswerMatch answer;
    private final Consumer<Outcome> told;
    private int received;

    Reader(AnswerMatch answer, Consumer<Outcome> told) {
      this.answer = answer;
      this.told = told;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      received += bytes.readableBytes();
      if (answer.add(ByteBufUtil.getBytes(bytes))) {
        told.accept(Outcome.PASSED);
      } else if (received > MOST_BYTES) {
        told.accept(Outcome.FAILED);
      }
    }
  }
}
