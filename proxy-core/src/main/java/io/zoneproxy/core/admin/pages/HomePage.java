package io.zoneproxy.core.admin.pages;

import java.util.List;

/** The page to look at: all others, those that only read as links. */
public final class HomePage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="UTF-8">
      <title>zoneproxy admin</title>
      <style>body{font-family:sans-serif;margin:2em}td{padding:.2em 1em .2em 0}</style>
      </head>
      <body>
      <h1>zoneproxy</h1>
      <table>
      """;

  private static final String TAIL =
      """
      </table>
      <p>What says POST changes something, and is refused from a page of a browser:
      use <code>curl -X POST</code>.</p>
      </body>
      </html>
      """;

  private HomePage() {}

  /**
   * One line of the page.
   *
   * @param path begins with a slash
   * @param help in a few words
   * @param changes whether it wants POST
   */
  public record Entry(String path, String help, boolean changes) {}

  /** The page, entries in this order. */
  public static String html(List<Entry> entries) {
    StringBuilder out = new StringBuilder(HEAD);
    for (Entry entry : entries) {
      String path = escaped(entry.path());
      out.append("<tr><td>");
      if (entry.changes()) {
        out.append(path).append(" (POST)");
      } else {
        out.append("<a href=\"").append(path).append("\">").append(path).append("</a>");
      }
      out.append("</td><td>").append(escaped(entry.help())).append("</td></tr>\n");
    }
    return out.append(TAIL).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
