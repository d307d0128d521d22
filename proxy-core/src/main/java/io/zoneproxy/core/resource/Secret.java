package io.zoneproxy.core.resource;

/**
 * A text that other resources of its mesh name.
 *
 * @param text nothing but this method shows it
 */
public record Secret(Meta meta, String text) implements Resource {
  @Override
  public String toString() {
    return "Secret[" + meta.id() + "]";
  }
}
