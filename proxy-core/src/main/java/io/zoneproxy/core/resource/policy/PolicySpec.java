package io.zoneproxy.core.resource.policy;

/** What one policy says. */
public sealed interface PolicySpec
    permits MeshTrafficPermission, TrafficPermission, Treatment, NoEffect {}
