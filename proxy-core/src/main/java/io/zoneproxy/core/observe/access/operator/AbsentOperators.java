package io.zoneproxy.core.observe.access.operator;

import java.util.Map;

/**
 * Operators for what a relayed connection does not have: TLS that ends here, HTTP, metadata. Those
 * of requests have a value for these (see {@link RequestOperators}).
 */
final class AbsentOperators {
  /** "-" in text, null in JSON. */
  private static final String PLAIN =
      "REQUEST_DURATION REQUEST_TX_DURATION RESPONSE_DURATION RESPONSE_TX_DURATION"
          + " ROUNDTRIP_DURATION DOWNSTREAM_HANDSHAKE_DURATION"
          + " ROUTE_NAME VIRTUAL_CLUSTER_NAME CUSTOM_FLAGS LOCAL_REPLY_BODY TRACE_ID SPAN_ID"
          + " GRPC_STATUS_NUMBER UPSTREAM_CONNECTION_ID UPSTREAM_CONNECTION_IDS_ATTEMPTED"
          + " UPSTREAM_HOSTS_ATTEMPTED UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT"
          + " UPSTREAM_HOST_NAMES_ATTEMPTED UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT"
          + " UPSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_LOCAL_CLOSE_REASON"
          + " DOWNSTREAM_TRANSPORT_FAILURE_REASON"
          + " UPSTREAM_LOCAL_ADDRESS_ENDPOINT_ID UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID"
          + " DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID"
          + " DOWNSTREAM_REMOTE_ADDRESS_ENDPOINT_ID DOWNSTREAM_DIRECT_REMOTE_ADDRESS_ENDPOINT_ID"
          + " TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT UPSTREAM_SERVER_NAME";

  /** After DOWNSTREAM_ and UPSTREAM_. */
  private static final String TLS =
      "TLS_SESSION_ID TLS_CIPHER TLS_GROUP TLS_VERSION PEER_SUBJECT PEER_ISSUER PEER_CERT"
          + " PEER_URI_SAN PEER_DNS_SAN PEER_IP_SAN PEER_EMAIL_SAN PEER_OTHERNAME_SAN"
          + " LOCAL_SUBJECT LOCAL_URI_SAN LOCAL_DNS_SAN LOCAL_IP_SAN LOCAL_EMAIL_SAN"
          + " LOCAL_OTHERNAME_SAN PEER_FINGERPRINT_256 PEER_FINGERPRINT_1 PEER_SERIAL"
          + " PEER_CHAIN_FINGERPRINTS_256 PEER_CHAIN_FINGERPRINTS_1 PEER_CHAIN_SERIALS"
          + " PEER_ISSUER_FINGERPRINT_256 PEER_ISSUER_SERIAL";

  private static final String WITH_PARAMETERS =
      "REQ REQUEST_HEADER RESP RESPONSE_HEADER TRAILER RESPONSE_TRAILER REQ_WITHOUT_QUERY"
          + " DYNAMIC_METADATA CLUSTER_METADATA UPSTREAM_METADATA METADATA FILTER_STATE"
          + " UPSTREAM_FILTER_STATE QUERY_PARAM";

  private static final String WITH_OPTIONAL_PARAMETERS =
      "GRPC_STATUS PATH QUERY_PARAMS RESPONSE_CODE_DETAILS"
          + " DOWNSTREAM_PEER_CERT_V_START DOWNSTREAM_PEER_CERT_V_END"
          + " UPSTREAM_PEER_CERT_V_START UPSTREAM_PEER_CERT_V_END";

  /** Envoy counts these too for TCP, and never gets beyond zero. */
  private static final String ZERO =
      "RESPONSE_CODE REQUEST_HEADERS_BYTES RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES"
          + " BYTES_RETRANSMITTED PACKETS_RETRANSMITTED"
          + " UPSTREAM_HEADER_BYTES_SENT UPSTREAM_HEADER_BYTES_RECEIVED"
          + " UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED"
          + " DOWNSTREAM_HEADER_BYTES_SENT DOWNSTREAM_HEADER_BYTES_RECEIVED"
          + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT"
          + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED";

  /** A dash also in JSON. */
  private static final String DASH = "PROTOCOL UPSTREAM_PROTOCOL";

  private static final Field NOTHING = connection -> null;

  private AbsentOperators() {}

  static void addTo(Map<String, Operator> all) {
    for (String name : PLAIN.split(" ", -1)) {
      all.put(name, Operator.plain(NOTHING));
    }
    for (String name : TLS.split(" ", -1)) {
      all.put("DOWNSTREAM_" + name, Operator.plain(NOTHING));
      all.put("UPSTREAM_" + name, Operator.plain(NOTHING));
    }
    for (String name : WITH_PARAMETERS.split(" ", -1)) {
      all.put(name, Operator.required(parameters -> NOTHING));
    }
    for (String name : WITH_OPTIONAL_PARAMETERS.split(" ", -1)) {
      all.put(name, Operator.optional(parameters -> NOTHING));
    }
    for (String name : ZERO.split(" ", -1)) {
      all.put(name, Operator.plain(connection -> 0L));
    }
    for (String name : DASH.split(" ", -1)) {
      all.put(name, Operator.plain(connection -> "-"));
    }
  }
}
