package io.zoneproxy.ingress.flags;

import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Switches as Go reads them, so that kuma-dp's values carry over. */
final class SwitchConverter implements ITypeConverter<Boolean> {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  @Override
  public Boolean convert(String text) {
    return read(text)
        .orElseThrow(
            () ->
                new TypeConversionException("'" + text + "' is neither (expected: true or false)"));
  }

  /** Empty when it is neither. */
  static Optional<Boolean> read(String text) {
    if (TRUE.contains(text)) {
      return Optional.of(true);
    }
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }
}
