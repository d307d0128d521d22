package io.zoneproxy.core.config;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ReadFile.Document;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The proxy's own resource, as {@code --dataplane-file} gives it.
 *
 * @param resource empty when a problem refuses it
 * @param text as it was given, variables put in; "" when it could not be read or rendered
 * @param problems all that is wrong or odd with it
 */
public record OwnResource(Optional<Resource> resource, String text, List<Problem> problems) {
  /** The {@code --dataplane-file} that means standard input. */
  public static final String STANDARD_INPUT = "-";

  public OwnResource {
    problems = List.copyOf(problems);
  }

  /**
   * Which kinds fit the proxy.
   *
   * @param kinds at least one
   * @param because why, for example {@code --proxy-type=egress}
   */
  public record Expected(List<Class<? extends Resource>> kinds, String because) {
    public Expected {
      kinds = List.copyOf(kinds);
    }

    @Override
    public String toString() {
      String names = kinds.stream().map(Class::getSimpleName).collect(Collectors.joining(" or "));
      return names + ", because of " + because;
    }
  }

  /**
   * Reads a file, or standard input, to its end.
   *
   * @param file a path, or {@link #STANDARD_INPUT}
   * @param standardInput read only for {@link #STANDARD_INPUT}, and never closed
   * @param variables of the template, name to value
   * @param expected which kinds fit
   */
  public static OwnResource read(
      String file, InputStream standardInput, Map<String, String> variables, Expected expected) {
    boolean piped = file.equals(STANDARD_INPUT);
    String name = piped ? "standard input" : file;
    try {
      byte[] bytes = piped ? FileText.read(standardInput) : FileText.read(Path.of(file));
      return parse(name, FileText.decode(bytes), variables, expected);
    } catch (IOException e) {
      return refused(Problem.error(Source.ofFile(name), "", messageOf(e)));
    } catch (InvalidPathException e) {
      return refused(Problem.error(Source.ofFile(Shown.text(name)), "", "is no path of a file"));
    }
  }

  /**
   * Reads a text, for example that of {@code --dataplane}.
   *
   * @param name how problems call it
   * @param template its text, with mustache variables
   * @param variables name to value
   * @param expected which kinds fit
   */
  public static OwnResource parse(
      String name, String template, Map<String, String> variables, Expected expected) {
    String text;
    try {
      text = DataplaneTemplate.render(template, variables);
    } catch (IllegalArgumentException e) {
      return refused(Problem.error(Source.ofFile(name), "", messageOf(e)));
    }
    ReadFile file = new ResourceReader(ResourceReader.Use.OWN).read(name, text);
    List<Problem> problems = new ArrayList<>(file.problems());
    Optional<Resource> resource = Optional.empty();
    if (!file.hasErrors()) {
      Optional<Problem> mistake = mistake(name, file.documents(), expected);
      mistake.ifPresent(problems::add);
      resource = mistake.isPresent() ? resource : Optional.of(file.resources().get(0));
    }
    return new OwnResource(resource, text, problems);
  }

  /** What is wrong with documents that are good in themselves. */
  private static Optional<Problem> mistake(
      String name, List<Document> documents, Expected expected) {
    if (documents.size() != 1) {
      String message =
          documents.isEmpty()
              ? "is empty (expected: a resource)"
              : documents.size() + " documents (expected: exactly one)";
      return Optional.of(Problem.error(Source.ofFile(name), "", message));
    }
    if (documents.get(0) instanceof Document.Ignored ignored) {
      return Optional.of(unexpected(ignored.source(), ignored.type(), "", expected));
    }
    Resource resource = ((Document.Accepted) documents.get(0)).resource();
    if (expected.kinds().stream().noneMatch(kind -> kind.isInstance(resource))) {
      return Optional.of(
          unexpected(
              resource.meta().source(), resource.meta().type(), resource.meta().name(), expected));
    }
    if (resource instanceof Dataplane dataplane && dataplane.listeners().isEmpty()) {
      return Optional.of(
          Problem.error(
              dataplane.meta().source(),
              "networking.listeners",
              "missing (expected: at least one, of type ZoneIngress or ZoneEgress)"));
    }
    return Optional.empty();
  }

  private static Problem unexpected(Source source, String type, String name, Expected expected) {
    String subject = name.isEmpty() ? "it" : name;
    return Problem.error(
        source, "type", subject + " is a " + type + " (expected: " + expected + ")");
  }

  private static OwnResource refused(Problem problem) {
    return new OwnResource(Optional.empty(), "", List.of(problem));
  }

  private static String messageOf(Exception e) {
    return Shown.text(String.valueOf(e.getMessage()));
  }
}
