package io.zoneproxy.core.config.yaml;

import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One document of a YAML stream.
 *
 * @param number in the stream, from 1; empty ones count
 * @param root its content; depth and aliases are bounded
 */
public record YamlDocument(int number, Node root) {}
