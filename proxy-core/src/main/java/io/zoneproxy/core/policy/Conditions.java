package io.zoneproxy.core.policy;

import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.text.TextTest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Compiles what policies say into tests of a {@link Subject}. */
final class Conditions {
  private Conditions() {}

  /** What is asked for. */
  static Predicate<Subject> of(Permission permission) {
    if (permission instanceof Permission.Any) {
      return subject -> true;
    } else if (permission instanceof Permission.ServerName one) {
      Predicate<String> name = TextTest.of(one.name());
      return subject -> name.test(subject.serverName());
    } else if (permission instanceof Permission.DestinationPort one) {
      return subject -> subject.destinationPort() == one.port();
    } else if (permission instanceof Permission.And and) {
      return all(and.all(), Conditions::of);
    } else if (permission instanceof Permission.Or or) {
      return any(or.any(), Conditions::of);
    } else if (permission instanceof Permission.Not not) {
      return of(not.of()).negate();
    }
    return header(HeaderTest.of(((Permission.Header) permission).header()));
  }

  private static Predicate<Subject> header(HeaderTest test) {
    return subject -> {
      HeaderTest.Headers headers = subject.headers();
      return headers != null && test.fits(headers); // never without HTTP
    };
  }

  /** Who asks. */
  static Predicate<Subject> of(Principal principal) {
    if (principal instanceof Principal.Any) {
      return subject -> true;
    } else if (principal instanceof Principal.Authenticated one) {
      return authenticated(one.name());
    } else if (principal instanceof Principal.Source one) {
      AddressRange range = AddressRange.of(one.range());
      return subject -> range.contains(subject.source());
    } else if (principal instanceof Principal.And and) {
      return all(and.all(), Conditions::of);
    } else if (principal instanceof Principal.Or or) {
      return any(or.any(), Conditions::of);
    }
    return of(((Principal.Not) principal).of()).negate();
  }

  /** A condition of a matcher. */
  static Predicate<Subject> of(io.zoneproxy.core.model.policy.Predicate predicate) {
    if (predicate instanceof io.zoneproxy.core.model.policy.Predicate.Single one) {
      Predicate<String> value = TextTest.of(one.value());
      return switch (one.input()) {
        case SERVER_NAME -> subject -> value.test(subject.serverName());
        case URI_SAN -> subject -> value.test(uris(subject));
      };
    } else if (predicate instanceof io.zoneproxy.core.model.policy.Predicate.Caller caller) {
      return of(caller.who());
    } else if (predicate instanceof io.zoneproxy.core.model.policy.Predicate.And and) {
      return all(and.all(), Conditions::of);
    } else if (predicate instanceof io.zoneproxy.core.model.policy.Predicate.Or or) {
      return any(or.any(), Conditions::of);
    }
    return of(((io.zoneproxy.core.model.policy.Predicate.Not) predicate).of()).negate();
  }

  static <T> Predicate<Subject> any(List<T> of, Function<T, Predicate<Subject>> compile) {
    List<Predicate<Subject>> tests = of.stream().map(compile).toList();
    return subject -> tests.stream().anyMatch(test -> test.test(subject));
  }

  private static <T> Predicate<Subject> all(List<T> of, Function<T, Predicate<Subject>> compile) {
    List<Predicate<Subject>> tests = of.stream().map(compile).toList();
    return subject -> tests.stream().allMatch(test -> test.test(subject));
  }

  private static Predicate<Subject> authenticated(Optional<StringMatch> name) {
    Predicate<String> test = name.map(TextTest::of).orElse(any -> true);
    return subject -> {
      Subject.Identity identity = subject.identity();
      return identity != null && identity.names().stream().anyMatch(test);
    };
  }

  private static String uris(Subject subject) {
    Subject.Identity identity = subject.identity();
    return identity == null ? "" : String.join(",", identity.uris());
  }
}
