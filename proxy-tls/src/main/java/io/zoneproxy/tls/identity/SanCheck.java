package io.zoneproxy.tls.identity;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.text.TextTest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Whether one of the names that are allowed is in a certificate, as Envoy compares them: each
 * matcher looks at names of its type; a DNS name in the certificate may begin with {@code *.} for
 * one label; addresses are compared as text.
 */
final class SanCheck {
  private record Allowed(SanMatch match, Predicate<String> test) {}

  private final List<Allowed> allowed;

  private SanCheck(List<Allowed> allowed) {
    this.allowed = allowed;
  }

  /**
   * Compiles the check.
   *
   * @param allowed none allows everything
   * @throws IllegalArgumentException for a regular expression that is none, or that is too large
   */
  static SanCheck of(List<SanMatch> allowed) {
    return new SanCheck(
        allowed.stream().map(match -> new Allowed(match, TextTest.of(match.value()))).toList());
  }

  void verify(PeerNames names) throws PeerRefusedException {
    if (!allowed.isEmpty() && allowed.stream().noneMatch(each -> fits(each, names))) {
      throw PeerRefusedException.ofName(
          "certificate has " + names.shown() + " (expected: " + expected() + ")");
    }
  }

  private String expected() {
    return String.join(
        " or ",
        allowed.stream()
            .map(Allowed::match)
            .map(
                match ->
                    "%s %s %s"
                        .formatted(
                            match.type(),
                            match.value().kind().name().toLowerCase(Locale.ROOT),
                            match.value().value()))
            .toList());
  }

  private static boolean fits(Allowed one, PeerNames names) {
    Predicate<String> test = one.test();
    return switch (one.match().type()) {
      case URI -> names.uris().stream().anyMatch(test);
      case EMAIL -> names.emails().stream().anyMatch(test);
      case IP_ADDRESS -> names.addresses().stream().anyMatch(name -> isAddress(one, name));
      case DNS -> names.dnsNames().stream().anyMatch(name -> isDnsName(one, name));
    };
  }

  private static boolean isDnsName(Allowed one, String name) {
    String presented = name.toLowerCase(Locale.ROOT); // names of hosts know no case
    if (one.match().value().kind() != StringMatch.Kind.EXACT) {
      return one.test().test(presented);
    }
    String wanted = one.match().value().value().toLowerCase(Locale.ROOT);
    int label = wanted.indexOf('.');
    return presented.equals(wanted)
        || (presented.startsWith("*.")
            && label > 0
            && presented.substring(1).equals(wanted.substring(label)));
  }

  /** Two ways to write an IPv6 address are one. */
  private static boolean isAddress(Allowed one, String name) {
    StringMatch match = one.match().value();
    InetAddress wanted =
        match.kind() == StringMatch.Kind.EXACT && NetUtil.isValidIpV6Address(match.value())
            ? NetUtil.getByName(match.value(), false)
            : null;
    return one.test().test(name)
        || (wanted != null && NetUtil.toAddressString(wanted).equals(name));
  }
}
