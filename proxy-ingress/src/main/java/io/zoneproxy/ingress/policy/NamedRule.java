package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.resource.policy.Treatment.Rule;

/**
 * A rule and the policy that has it.
 *
 * @param policy its name
 */
public record NamedRule(String policy, Rule rule) {}
