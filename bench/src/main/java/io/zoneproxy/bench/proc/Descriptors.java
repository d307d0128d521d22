package io.zoneproxy.bench.proc;

/**
 * Open descriptors of a process.
 *
 * @param open all
 * @param pipes ends of pipes among them, two for each pipe
 */
public record Descriptors(int open, int pipes) {}
