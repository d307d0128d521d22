/** What is measured, under Envoy's names: gathered once a page, the same for all formats. */
@NullMarked
package io.zoneproxy.core.admin.metric;

import org.jspecify.annotations.NullMarked;
