package io.zoneproxy.ingress.flags;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers; picocli's own converter says what is wrong, but not what would be right. */
final class WholeNumberConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a number (expected: a whole one, at most "
              + Integer.MAX_VALUE
              + ")");
    }
  }
}
