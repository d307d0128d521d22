package io.zoneproxy.core.model.policy;

import java.util.Optional;

/**
 * A test of a header of a request.
 *
 * @param name lower case
 * @param value empty tests only whether it is there
 * @param invert the contrary
 */
public record HeaderMatch(String name, Optional<StringMatch> value, boolean invert) {}
