package io.zoneproxy.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.HealthFlag;
import io.zoneproxy.core.text.JsonReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PagesTest {
  private static final SortedMap<String, Pipe> PIPES =
      new TreeMap<>(Map.of("_kuma:dynamicconfig", new Pipe("/run/kuma-dc.sock")));

  @Test
  void listsListenersAsText() {
    FakeProxy proxy = new FakeProxy();
    proxy.listener("inbound:10.9.1.11:10002", "10.9.1.11", 10_002);
    proxy.listener("six", "fd00::1", 10_001);

    assertThat(ListenersPage.text(proxy.listeners(), PIPES))
        .hasToString(
            """
            inbound:10.9.1.11:10002::10.9.1.11:10002
            six::[fd00::1]:10001
            _kuma:dynamicconfig::/run/kuma-dc.sock
            """);
  }

  @Test
  void namesThatATerminalWouldObeyAreEscaped() {
    FakeProxy proxy = new FakeProxy();
    proxy.listener("a\u001b[2J\nb", "10.9.1.11", 10_002);
    SortedMap<String, Pipe> pipes = new TreeMap<>(Map.of("p\u009b", new Pipe("/run/\r")));

    assertThat(ListenersPage.text(proxy.listeners(), pipes))
        .hasToString("a\\x1B[2J\\x0Ab::10.9.1.11:10002\np\\x9B::/run/\\x0D\n");
    ClusterStatus cluster = FakeProxy.cluster("c\u001b\nd", null, "w\u202Ex");
    assertThat(ClustersPage.text(List.of(cluster)).toString())
        .contains("c\\x1B\\x0Ad::observability_name::", "::zone::w\\u202Ex\n")
        .doesNotContain("\u001b", "\u202E", "\nd:");
  }

  @Test
  void listsListenersAsJson() {
    FakeProxy proxy = new FakeProxy();
    proxy.listener("in", "10.9.1.11", 10_002);
    proxy.listener("six", "fd00::1", 10_001);

    assertThat(ListenersPage.json(proxy.listeners(), PIPES))
        .hasToString(
            "{\"listener_statuses\":[{\"name\":\"in\",\"local_address\":{\"socket_address\":"
                + "{\"address\":\"10.9.1.11\",\"port_value\":10002}}},{\"name\":\"six\","
                + "\"local_address\":{\"socket_address\":{\"address\":\"fd00::1\","
                + "\"port_value\":10001}}},{\"name\":\"_kuma:dynamicconfig\",\"local_address\":"
                + "{\"pipe\":{\"path\":\"/run/kuma-dc.sock\"}}}]}");
  }

  @Test
  void listsAClusterAsTextInEnvoysOrder() {
    String page =
        ClustersPage.text(List.of(FakeProxy.cluster("default:echo", null, "zone-2"))).toString();

    assertThat(page)
        .isEqualTo(
            """
            default:echo::observability_name::default_echo
            default:echo::default_priority::max_connections::1024
            default:echo::default_priority::max_pending_requests::1024
            default:echo::default_priority::max_requests::1024
            default:echo::default_priority::max_retries::3
            default:echo::high_priority::max_connections::1024
            default:echo::high_priority::max_pending_requests::1024
            default:echo::high_priority::max_requests::1024
            default:echo::high_priority::max_retries::3
            default:echo::added_via_api::true
            default:echo::10.9.1.21:20001::cx_active::1
            default:echo::10.9.1.21:20001::cx_connect_fail::2
            default:echo::10.9.1.21:20001::cx_total::105
            default:echo::10.9.1.21:20001::rq_active::1
            default:echo::10.9.1.21:20001::rq_error::0
            default:echo::10.9.1.21:20001::rq_pending_active::0
            default:echo::10.9.1.21:20001::rq_success::0
            default:echo::10.9.1.21:20001::rq_timeout::0
            default:echo::10.9.1.21:20001::rq_total::103
            default:echo::10.9.1.21:20001::hostname::
            default:echo::10.9.1.21:20001::health_flags::healthy
            default:echo::10.9.1.21:20001::weight::3
            default:echo::10.9.1.21:20001::region::
            default:echo::10.9.1.21:20001::zone::zone-2
            default:echo::10.9.1.21:20001::sub_zone::
            default:echo::10.9.1.21:20001::canary::false
            default:echo::10.9.1.21:20001::priority::0
            default:echo::10.9.1.21:20001::success_rate::-1
            default:echo::10.9.1.21:20001::local_origin_success_rate::-1
            """);
  }

  @Test
  void listsAClusterAsJsonWithZeroValuesLeftOut() {
    String page =
        ClustersPage.json(List.of(FakeProxy.cluster("default:echo", null, "zone-2"))).toString();

    String thresholds =
        "\"max_connections\":1024,\"max_pending_requests\":1024,\"max_requests\":1024,"
            + "\"max_retries\":3}";
    assertThat(page)
        .isEqualTo(
            "{\"cluster_statuses\":[{\"name\":\"default:echo\",\"added_via_api\":true,"
                + "\"host_statuses\":[{\"address\":{\"socket_address\":{\"address\":\"10.9.1.21\","
                + "\"port_value\":20001}},\"stats\":[{\"value\":\"2\",\"name\":\"cx_connect_fail\"},"
                + "{\"value\":\"105\",\"name\":\"cx_total\"},{\"name\":\"rq_error\"},"
                + "{\"name\":\"rq_success\"},{\"name\":\"rq_timeout\"},"
                + "{\"value\":\"103\",\"name\":\"rq_total\"},"
                + "{\"type\":\"GAUGE\",\"value\":\"1\",\"name\":\"cx_active\"},"
                + "{\"type\":\"GAUGE\",\"value\":\"1\",\"name\":\"rq_active\"},"
                + "{\"type\":\"GAUGE\",\"name\":\"rq_pending_active\"}],"
                + "\"health_status\":{\"eds_health_status\":\"HEALTHY\"},\"weight\":3,"
                + "\"locality\":{\"zone\":\"zone-2\"}}],\"circuit_breakers\":{\"thresholds\":[{"
                + thresholds
                + ",{\"priority\":\"HIGH\","
                + thresholds
                + "]},\"observability_name\":\"default_echo\"}]}");
    assertThat(JsonReader.object(page)).containsOnlyKeys("cluster_statuses");
  }

  @Test
  void countsRequestsApartFromConnectionsWhereHttpIsSpoken() {
    EndpointStatus endpoint =
        new EndpointStatus(
            new HostPort("10.9.1.21", 443),
            Locality.ofZone(""),
            0,
            1,
            true,
            4,
            3,
            1,
            Set.of(),
            "",
            Optional.of(new ClusterStatus.Requests(2, 90, 80, 7, 5)),
            "");
    List<ClusterStatus> clusters = List.of(new ClusterStatus("c", "c", List.of(endpoint), null));

    String name = "c::10.9.1.21:443::";
    assertThat(ClustersPage.text(clusters).toString().lines())
        .contains(
            name + "cx_active::2",
            name + "cx_connect_fail::1",
            name + "cx_total::4",
            name + "rq_active::4",
            name + "rq_total::90",
            name + "rq_success::80",
            name + "rq_error::7",
            name + "rq_timeout::5");
    assertThat(ClustersPage.json(clusters).toString())
        .contains("{\"value\":\"90\",\"name\":\"rq_total\"}")
        .contains("{\"type\":\"GAUGE\",\"value\":\"2\",\"name\":\"cx_active\"}");
  }

  @Test
  void showsNamesUnresolvedOnesAndOtherPriorities() {
    EndpointStatus endpoint =
        new EndpointStatus(
            new HostPort("ingress.west.example", 443),
            new Locality("eu", "west", "rack-1"),
            1,
            10,
            false,
            0,
            0,
            0,
            Set.of(HealthFlag.FAILED_EDS_HEALTH));
    List<ClusterStatus> clusters = List.of(new ClusterStatus("c", "c", List.of(endpoint), null));

    String name = "c::ingress.west.example:443::";
    assertThat(ClustersPage.text(clusters).toString().lines())
        .contains(
            name + "hostname::ingress.west.example",
            name + "health_flags::/failed_eds_health",
            name + "region::eu",
            name + "zone::west",
            name + "sub_zone::rack-1",
            name + "priority::1");
    assertThat(ClustersPage.json(clusters).toString())
        .contains("\"eds_health_status\":\"UNHEALTHY\"")
        .contains("\"hostname\":\"ingress.west.example\",\"priority\":1,")
        .contains("\"locality\":{\"region\":\"eu\",\"zone\":\"west\",\"sub_zone\":\"rack-1\"}");
  }

  @Test
  void aClusterWithoutEndpointsIsListed() {
    List<ClusterStatus> clusters = List.of(FakeProxy.cluster("empty", null));

    assertThat(ClustersPage.text(clusters).toString().lines()).hasSize(10);
    assertThat(ClustersPage.json(clusters).toString()).doesNotContain("host_statuses");
  }

  @Test
  void bracketsAnIpv6Endpoint() {
    EndpointStatus endpoint =
        new EndpointStatus(
            new HostPort("fd00::1", 443), Locality.ofZone("west"), 0, 1, true, 0, 0, 0, Set.of());

    assertThat(
            ClustersPage.text(List.of(new ClusterStatus("c", "c", List.of(endpoint), null)))
                .toString())
        .contains("c::[fd00::1]:443::hostname::\n");
  }
}
