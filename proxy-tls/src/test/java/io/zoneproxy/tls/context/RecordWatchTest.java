package io.zoneproxy.tls.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Records cut everywhere. */
final class RecordWatchTest {
  /** Data that looks like the type of an alert, and a record without a body. */
  private static final String DATA = "1703030003151515" + "1703030000" + "17030300021503";

  private static final String ALERT = "1503030002" + "0100";

  private final RecordWatch watch = new RecordWatch();
  private final AtomicInteger ends = new AtomicInteger();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          watch,
          new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
              if (event == ChannelInputShutdownEvent.INSTANCE) {
                ends.incrementAndGet();
              }
            }
          });

  private void write(String hex, int from, int to) {
    channel.writeInbound(Unpooled.copiedBuffer(HexFormat.of().parseHex(hex), from, to - from));
  }

  private String passed() {
    StringBuilder hex = new StringBuilder();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      hex.append(ByteBufUtil.hexDump(part));
      part.release();
    }
    return hex.toString();
  }

  @Test
  void anAlertIsTheEndOfTheInputWhereverItIsCut() {
    String all = DATA + ALERT;
    int length = all.length() / 2;
    for (int cut = 0; cut <= length; cut++) {
      RecordWatchTest fresh = new RecordWatchTest();
      fresh.watch.keep();
      fresh.write(all, 0, cut);
      fresh.write(all, cut, length);
      assertThat(fresh.passed()).as("cut at %d", cut).isEqualTo(DATA);
      assertThat(fresh.ends).as("cut at %d", cut).hasValue(1);
    }
  }

  @Test
  void whatComesBehindAnAlertIsDroppedAndTheEndSaidOnce() {
    watch.keep();
    write(ALERT + DATA, 0, (ALERT + DATA).length() / 2);
    write(DATA, 0, DATA.length() / 2);
    write(ALERT, 0, 1);
    assertThat(passed()).isEmpty();
    assertThat(ends).hasValue(1);
  }

  @Test
  void anAlertPassesWhereNobodyWantsToOutliveThePeersEnd() {
    String all = ALERT + DATA;
    write(all, 0, all.length() / 2);
    assertThat(passed()).isEqualTo(all);
    assertThat(ends).hasValue(0);
  }
}
