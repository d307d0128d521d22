package io.zoneproxy.core.model.log;

import java.util.Optional;

/**
 * One access log.
 *
 * @param sink where its records go
 * @param filter which connections or requests it is about; empty = all
 */
public record AccessLogSpec(LogTarget sink, Optional<LogFilter> filter) {}
