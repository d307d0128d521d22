package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** The words are those of glibc ("Too many open files") and of musl. */
final class SocketErrorsTest {
  @Test
  void knowsThatNoDescriptorIsLeft() {
    assertThat(SocketErrors.noDescriptors(new IOException("Too many open files"))).isTrue();
    assertThat(SocketErrors.noDescriptors(new IOException("Too many open files in system")))
        .isTrue();
    assertThat(SocketErrors.noDescriptors(new SocketException("No file descriptors available")))
        .isTrue();
  }

  @Test
  void knowsItThroughWhatNettyWrapsAroundIt() {
    Throwable cause = new SocketException("Too many open files");
    Throwable wrapped =
        new ChannelException(
            "Unable to create Channel",
            new InvocationTargetException(new ChannelException("Failed to open a socket.", cause)));
    assertThat(SocketErrors.noDescriptors(wrapped)).isTrue();
  }

  @Test
  void takesNothingElseForAShortageOfDescriptors() {
    assertThat(SocketErrors.noDescriptors(new IOException())).isFalse();
    assertThat(SocketErrors.noDescriptors(new ConnectException("Connection refused"))).isFalse();
    assertThat(SocketErrors.noDescriptors(new IllegalStateException("Too many open files")))
        .isFalse();
    assertThat(SocketErrors.noDescriptors(new ChannelException("closed"))).isFalse();
  }

  @Test
  void knowsThatNoLocalPortIsFree() {
    // The JDK throws a BindException for EADDRNOTAVAIL, on connect too; Netty adds the address.
    assertThat(SocketErrors.noLocalPort(new BindException("Cannot assign requested address")))
        .isTrue();
    assertThat(
            SocketErrors.noLocalPort(
                new SocketException("Cannot assign requested address: /10.0.0.1:443")))
        .isTrue();
    assertThat(SocketErrors.noLocalPort(new SocketException("Address not available"))).isTrue();
  }

  @Test
  void takesNothingElseForAShortageOfPorts() {
    assertThat(SocketErrors.noLocalPort(new ConnectException("Connection refused"))).isFalse();
    assertThat(SocketErrors.noLocalPort(new NoRouteToHostException("No route to host"))).isFalse();
    assertThat(SocketErrors.noLocalPort(new ConnectTimeoutException("timed out"))).isFalse();
    assertThat(SocketErrors.noLocalPort(new BindException("Address already in use"))).isFalse();
    assertThat(SocketErrors.noLocalPort(new SocketException())).isFalse();
  }

  @Test
  void hasTheSystemsWordsAlone() {
    assertThat(
            SocketErrors.words(
                new IOException("send(..) failed with error(-111): Connection refused")))
        .isEqualTo("Connection refused");
    ConnectException annotated = new ConnectException("Connection refused: /127.0.0.1:1");
    annotated.initCause(new ConnectException("Connection refused"));
    assertThat(SocketErrors.words(annotated)).isEqualTo("Connection refused");
    assertThat(SocketErrors.words(new IOException("Connection reset by peer")))
        .isEqualTo("Connection reset by peer");
    assertThat(SocketErrors.words(new NoRouteToHostException()))
        .isEqualTo("NoRouteToHostException");
  }
}
