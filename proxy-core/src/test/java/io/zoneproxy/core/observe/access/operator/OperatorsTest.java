package io.zoneproxy.core.observe.access.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.observe.CloseReason;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "START_TIME | 2026-03-04T05:06:07.089Z",
        "START_TIME(%Y/%m/%dT%H:%M:%S%z %s) | 2026/03/04T05:06:07+0000 1772600767",
        "START_TIME(%s.%3f) | 1772600767.089",
        "EMIT_TIME | 2026-03-04T05:06:08.501Z",
        "EMIT_TIME(%s) | 1772600768",
        "START_TIME_LOCAL(%s) | 1772600767",
        "EMIT_TIME_LOCAL(%s) | 1772600768",
        "DURATION | 1412",
        "COMMON_DURATION(DS_CX_BEG:DS_CX_END:ms) | 1412",
        "COMMON_DURATION(DS_CX_BEG:DS_CX_END) | 1412",
        "COMMON_DURATION(US_CX_BEG:US_CX_END:us) | 3456",
        "COMMON_DURATION(US_CX_BEG:US_CX_END:ns) | 3456789",
        "COMMON_DURATION(DS_RX_BEG:DS_TX_END:ns) | -",
        "UPSTREAM_CONNECTION_POOL_READY_DURATION | 3",
        "CONNECTION_ID | 17",
        "REQUESTED_SERVER_NAME | backend{mesh=default}",
        "REQUESTED_SERVER_NAME(SNI_FIRST:ORIG) | backend{mesh=default}",
        "REQUESTED_SERVER_NAME:7 | backend",
        "FILTER_CHAIN_NAME | chain-1",
        "ACCESS_LOG_TYPE | TcpConnectionEnd",
        "UPSTREAM_CLUSTER | default:backend",
        "UPSTREAM_CLUSTER_RAW | default:backend",
        "UPSTREAM_REQUEST_ATTEMPT_COUNT | 2",
        "BYTES_RECEIVED | 5120",
        "DOWNSTREAM_WIRE_BYTES_RECEIVED | 5120",
        "UPSTREAM_WIRE_BYTES_SENT | 5120",
        "BYTES_SENT | 88211",
        "DOWNSTREAM_WIRE_BYTES_SENT | 88211",
        "UPSTREAM_WIRE_BYTES_RECEIVED | 88211",
        "UPSTREAM_HEADER_BYTES_SENT | 0",
        "DOWNSTREAM_REMOTE_ADDRESS | 192.168.3.7:40000",
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT | 192.168.3.7",
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(23) | 192.168.2.0/23",
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(0) | 0.0.0.0/0",
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(33) | -",
        "DOWNSTREAM_REMOTE_PORT | 40000",
        "DOWNSTREAM_DIRECT_REMOTE_ADDRESS | 192.168.3.7:40000",
        "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT | 192.168.3.7",
        "DOWNSTREAM_DIRECT_REMOTE_PORT | 40000",
        "DOWNSTREAM_LOCAL_ADDRESS | 10.0.0.1:10001",
        "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT | 10.0.0.1",
        "DOWNSTREAM_LOCAL_PORT | 10001",
        "DOWNSTREAM_DIRECT_LOCAL_ADDRESS | 10.0.0.1:10001",
        "UPSTREAM_HOST | [fd00::1:ab]:2521",
        "UPSTREAM_HOST_NAME | [fd00::1:ab]:2521",
        "UPSTREAM_HOST_NAME_WITHOUT_PORT | fd00::1:ab",
        "UPSTREAM_REMOTE_ADDRESS | [fd00::1:ab]:2521",
        "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT | fd00::1:ab",
        "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(64) | fd00::/64",
        "UPSTREAM_REMOTE_PORT | 2521",
        "UPSTREAM_LOCAL_ADDRESS | [fd00::2]:50001",
        "UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT | fd00::2",
        "UPSTREAM_LOCAL_PORT | 50001",
        "RESPONSE_CODE | 0",
        "RESPONSE_FLAGS | -",
        "RESPONSE_FLAGS_LONG | -",
        "CONNECTION_TERMINATION_DETAILS | rbac_access_denied_matched_policy[none]",
        "DOWNSTREAM_DETECTED_CLOSE_TYPE | Normal",
        "UPSTREAM_TRANSPORT_FAILURE_REASON | -",
        "DOWNSTREAM_PEER_URI_SAN | spiffe://default/web",
        "PROTOCOL | -",
      })
  void saysWhatIsKnown(String operator, String expected) {
    assertThat(Logged.text('%' + operator + '%', Logged.relayed())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REQUEST_DURATION",
        "RESPONSE_DURATION",
        "RESPONSE_TX_DURATION",
        "DOWNSTREAM_HANDSHAKE_DURATION",
        "RESPONSE_CODE_DETAILS",
        "RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)",
        "ROUTE_NAME",
        "VIRTUAL_CLUSTER_NAME",
        "UPSTREAM_CONNECTION_ID",
        "DOWNSTREAM_TLS_VERSION",
        "DOWNSTREAM_TLS_CIPHER",
        "DOWNSTREAM_PEER_SUBJECT",
        "DOWNSTREAM_LOCAL_URI_SAN",
        "DOWNSTREAM_PEER_FINGERPRINT_256",
        "DOWNSTREAM_PEER_CERT_V_START(%Y)",
        "UPSTREAM_TLS_VERSION",
        "UPSTREAM_PEER_CERT",
        "DYNAMIC_METADATA(com.test:a:b)",
        "CLUSTER_METADATA(com.test):25",
        "UPSTREAM_METADATA(com.test:key)",
        "METADATA(ROUTE:com.test)",
        "FILTER_STATE(key:PLAIN):3",
        "REQ(:METHOD)",
        "REQ(X-ENVOY-ORIGINAL-PATH?:PATH):10",
        "REQUEST_HEADER(X)",
        "RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)",
        "TRAILER(GRPC-STATUS)",
        "REQ_WITHOUT_QUERY(:PATH)",
        "GRPC_STATUS",
        "GRPC_STATUS(NUMBER)",
        "GRPC_STATUS_NUMBER",
        "TRACE_ID",
        "PATH(NQ:ORIG)",
        "QUERY_PARAM(a)",
        "LOCAL_REPLY_BODY",
        "TLS_JA3_FINGERPRINT",
        "ENVIRONMENT(NO_SUCH_VARIABLE_9c1)",
      })
  void saysADashForWhatARelayedConnectionDoesNotHave(String operator) {
    assertThat(Logged.text('%' + operator + '%', Logged.relayed())).isEqualTo("-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REQUESTED_SERVER_NAME",
        "UPSTREAM_HOST",
        "UPSTREAM_CLUSTER",
        "UPSTREAM_REMOTE_PORT",
        "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(8)",
        "UPSTREAM_LOCAL_ADDRESS",
        "UPSTREAM_CONNECTION_POOL_READY_DURATION",
        "DOWNSTREAM_REMOTE_ADDRESS",
        "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
        "DOWNSTREAM_REMOTE_PORT",
        "DOWNSTREAM_LOCAL_ADDRESS",
        "FILTER_CHAIN_NAME",
        "CONNECTION_TERMINATION_DETAILS",
        "DOWNSTREAM_PEER_URI_SAN",
        "COMMON_DURATION(US_CX_BEG:US_CX_END:ms)",
      })
  void livesWithAConnectionOfWhichNothingIsKnown(String operator) {
    assertThat(Logged.text('%' + operator + '%', Logged.refused(CloseReason.INTERNAL, "")))
        .isEqualTo("-");
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ROUTE, NR, NoRouteFound",
    "NO_ENDPOINT, UH, NoHealthyUpstream",
    "CONNECT_FAILED, 'UF,URX', 'UpstreamConnectionFailure,UpstreamRetryLimitExceeded'",
    "MAX_CONNECTION_TIME, DT, DurationTimeout",
    "IDLE, -, -",
  })
  void saysWhyInEnvoysFlags(CloseReason reason, String shortly, String inWords) {
    LoggedConnection refused = Logged.refused(reason, "");

    assertThat(Logged.text("%RESPONSE_FLAGS%", refused)).isEqualTo(shortly);
    assertThat(Logged.text("%RESPONSE_FLAGS_LONG%", refused)).isEqualTo(inWords);
  }

  @Test
  void saysWhyTheUpstreamCouldNotBeConnected() {
    LoggedConnection failed = Logged.refused(CloseReason.CONNECT_FAILED, "Connection refused");

    assertThat(Logged.text("%UPSTREAM_TRANSPORT_FAILURE_REASON%", failed))
        .isEqualTo("Connection refused");
  }

  @Test
  void aRecordAtConnectSaysSoAndKnowsNoReason() {
    LoggedConnection connected =
        LoggedConnection.connected(
            Logged.record("a", CloseReason.CONNECT_FAILED, "x", Logged.endpoint()));

    assertThat(
            Logged.text(
                "%ACCESS_LOG_TYPE% %RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%"
                    + " %COMMON_DURATION(DS_CX_BEG:DS_CX_END:ms)% %DOWNSTREAM_DETECTED_CLOSE_TYPE%",
                connected))
        .isEqualTo("TcpUpstreamConnected - - - -");
  }

  @Test
  void theStreamIdIsTheSameInAllRecordsOfAConnectionAndTheUniqueIdIsNot() {
    String format = "%STREAM_ID% %UNIQUE_ID%";
    List<String> one = List.of(Logged.text(format, Logged.relayed()).split(" ", -1));
    List<String> two = List.of(Logged.text(format, Logged.relayed()).split(" ", -1));

    assertThat(one.get(0)).isEqualTo(two.get(0));
    assertThat(one.get(1)).isNotEqualTo(two.get(1));
    assertThat(UUID.fromString(one.get(1)).version()).isEqualTo(4);
  }

  @Test
  void readsTheEnvironment() {
    String path = Objects.requireNonNull(System.getenv("PATH"));

    assertThat(Logged.text("%ENVIRONMENT(PATH)%", Logged.relayed())).isEqualTo(path);
    assertThat(Logged.text("%ENVIRONMENT(PATH):3%", Logged.relayed()))
        .isEqualTo(path.substring(0, 3));
  }

  @Test
  void knowsItsHost() {
    assertThat(Logged.text("%HOSTNAME%", Logged.relayed())).isNotEmpty().doesNotContain("\n");
  }
}
