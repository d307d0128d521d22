package io.zoneproxy.core;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The arrows between the packages of core, as docs/architecture.md draws them. */
@AnalyzeClasses(
    packages = "io.zoneproxy.core",
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
final class ArchitectureTest {
  private static final String CORE = "io.zoneproxy.core.";

  /** Who may know whom; an arrow that is not here is a mistake. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          entry("model", List.of()),
          entry("resource", List.of("model")),
          entry("text", List.of("model")),
          entry("observe", List.of("model", "text")),
          entry("policy", List.of("model", "observe", "text")),
          entry("config", List.of("model", "resource", "text")),
          entry("upstream", List.of("model", "observe", "config")),
          entry("route", List.of("model", "observe", "policy", "upstream")),
          entry("relay", List.of("model", "observe", "config", "policy", "upstream", "route")),
          entry(
              "forward",
              List.of(
                  "model",
                  "observe",
                  "policy",
                  "upstream",
                  "route",
                  "relay",
                  "http",
                  "text",
                  "trace")),
          entry("trace", List.of("model", "observe")),
          entry(
              "export",
              List.of("model", "observe", "upstream", "relay", "forward", "text", "trace")),
          entry("listener", List.of("model", "observe", "config", "upstream", "route", "relay")),
          entry(
              "runtime",
              List.of(
                  "model",
                  "observe",
                  "config",
                  "policy",
                  "upstream",
                  "route",
                  "relay",
                  "listener")),
          entry("http", List.of("model", "policy", "upstream", "route", "text")),
          entry("admin", List.of("model", "observe", "config", "route", "http", "text")));

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.zoneproxy.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule SUBPACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.zoneproxy.core.(**)").should().beFreeOfCycles();

  @ArchTest
  static void everyPackageIsDrawn(JavaClasses imported) {
    Set<String> packages =
        imported.stream()
            .map(one -> one.getPackageName().substring(CORE.length()).replaceAll("\\..*", ""))
            .collect(Collectors.toSet());
    assertThat(packages).isEqualTo(ARROWS.keySet());
  }

  @ArchTest
  static void arrowsPointAsDrawn(JavaClasses imported) {
    ARROWS.forEach((from, to) -> onlyKnows(from, to).check(imported));
  }

  private static ArchRule onlyKnows(String from, List<String> to) {
    String[] others =
        ARROWS.keySet().stream()
            .filter(each -> !each.equals(from) && !to.contains(each))
            .map(each -> CORE + each + "..")
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(CORE + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others);
  }

  @ArchTest
  static final ArchRule CORE_KNOWS_NO_OTHER_MODULE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.zoneproxy.tls..",
              "io.zoneproxy.cp..",
              "io.zoneproxy.ingress..",
              "io.zoneproxy.egress..",
              "io.zoneproxy.bench..");

  @ArchTest
  static final ArchRule CORE_KNOWS_NEITHER_PROTOBUF_NOR_GRPC_NOR_TLS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.google.protobuf..",
              "io.envoyproxy..",
              "io.grpc..",
              "javax.net.ssl..",
              "io.netty.handler.ssl..",
              "org.bouncycastle..");

  @ArchTest
  static final ArchRule THE_MODEL_IS_PLAIN =
      classes()
          .that()
          .resideInAnyPackage(CORE + "model..", CORE + "resource..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(CORE + "model..", CORE + "resource..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule NOBODY_SLEEPS_WHERE_CONNECTIONS_ARE_SERVED =
      noClasses()
          .that()
          .resideInAnyPackage(CORE + "relay..", CORE + "listener..", CORE + "runtime..")
          .should()
          .callMethodWhere(target(owner(name(Thread.class.getName()))).and(target(name("sleep"))));

  @ArchTest
  static final ArchRule PUBLIC_CLASSES_ARE_CLOSED =
      classes().that().arePublic().and().areTopLevelClasses().should(be(closed()));

  private static DescribedPredicate<JavaClass> closed() {
    return DescribedPredicate.describe(
        "final, sealed, a record, an enum or an interface",
        type ->
            type.getModifiers().contains(JavaModifier.FINAL)
                || type.isRecord()
                || type.isEnum()
                || type.isInterface()
                || type.reflect().isSealed());
  }
}
