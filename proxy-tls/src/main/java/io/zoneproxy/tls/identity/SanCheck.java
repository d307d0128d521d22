package io.zoneproxy.tls.identity;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.SanMatch;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Whether one of the names that are allowed is in a certificate, as Envoy compares them: each
 * matcher looks at names of its type; a DNS name in the certificate may begin with {@code *.} for
 * one label; addresses are compared as text.
 *
 * @param allowed none allows everything
 */
record SanCheck(List<SanMatch> allowed) {
  SanCheck {
    allowed = List.copyOf(allowed);
  }

  /** Only those of one type. */
  SanCheck only(SanMatch.Type type) {
    return new SanCheck(allowed.stream().filter(match -> match.type() == type).toList());
  }

  void verify(PeerNames names) throws PeerRefusedException {
    if (!allowed.isEmpty() && allowed.stream().noneMatch(match -> fits(match, names))) {
      throw PeerRefusedException.ofName(
          "certificate has " + names.shown() + " (expected: " + expected() + ")");
    }
  }

  private String expected() {
    return String.join(
        " or ",
        allowed.stream()
            .map(
                match ->
                    "%s %s %s"
                        .formatted(
                            match.type(),
                            match.value().kind().name().toLowerCase(Locale.ROOT),
                            match.value().value()))
            .toList());
  }

  private static boolean fits(SanMatch match, PeerNames names) {
    StringMatch value = match.value();
    return switch (match.type()) {
      case URI -> names.uris().stream().anyMatch(name -> test(value, name));
      case EMAIL -> names.emails().stream().anyMatch(name -> test(value, name));
      case IP_ADDRESS -> names.addresses().stream().anyMatch(name -> testAddress(value, name));
      case DNS -> names.dnsNames().stream().anyMatch(name -> testDns(value, name));
    };
  }

  private static boolean testDns(StringMatch match, String name) {
    String presented = name.toLowerCase(Locale.ROOT); // names of hosts know no case
    if (match.kind() != StringMatch.Kind.EXACT) {
      return test(match, presented);
    }
    String wanted = match.value().toLowerCase(Locale.ROOT);
    int label = wanted.indexOf('.');
    return presented.equals(wanted)
        || (presented.startsWith("*.")
            && label > 0
            && presented.substring(1).equals(wanted.substring(label)));
  }

  /** Two ways to write an IPv6 address are one. */
  private static boolean testAddress(StringMatch match, String name) {
    InetAddress wanted =
        match.kind() == StringMatch.Kind.EXACT && NetUtil.isValidIpV6Address(match.value())
            ? NetUtil.getByName(match.value(), false)
            : null;
    return test(match, name) || (wanted != null && NetUtil.toAddressString(wanted).equals(name));
  }

  private static boolean test(StringMatch match, String text) {
    String value = match.ignoreCase() ? match.value().toLowerCase(Locale.ROOT) : match.value();
    String given = match.ignoreCase() ? text.toLowerCase(Locale.ROOT) : text;
    return switch (match.kind()) {
      case EXACT -> given.equals(value);
      case PREFIX -> given.startsWith(value);
      case SUFFIX -> given.endsWith(value);
      case CONTAINS -> given.contains(value);
      case REGEX -> false; // refused when the context was made
    };
  }
}
