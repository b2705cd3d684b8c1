using System.Text.Json;
using ClientSideLb.Kubernetes.Choice;
using ClientSideLb.Kubernetes.Slices;

namespace ClientSideLb.Kubernetes.Tests.Choice;

/// <summary>Slices as the documentation of Kubernetes shows them, in JSON.</summary>
public sealed class DocumentedSlicesTests
{
    // https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-resource
    private const string Example = """
        {
          "apiVersion": "discovery.k8s.io/v1",
          "kind": "EndpointSlice",
          "metadata": { "name": "example-abc", "labels": { "kubernetes.io/service-name": "example" } },
          "addressType": "IPv4",
          "ports": [ { "name": "http", "protocol": "TCP", "port": 80 } ],
          "endpoints": [
            { "addresses": [ "10.1.2.3" ], "conditions": { "ready": true }, "hostname": "pod-1", "nodeName": "node-1", "zone": "us-west2-a" }
          ]
        }
        """;

    // https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/#how-it-works
    private const string Hints = """
        {
          "apiVersion": "discovery.k8s.io/v1",
          "kind": "EndpointSlice",
          "metadata": { "name": "example-hints", "labels": { "kubernetes.io/service-name": "example-svc" } },
          "addressType": "IPv4",
          "ports": [ { "name": "http", "protocol": "TCP", "port": 80 } ],
          "endpoints": [
            { "addresses": [ "10.1.2.3" ], "conditions": { "ready": true }, "hostname": "pod-1", "zone": "zone-a", "hints": { "forZones": [ { "name": "zone-a" } ] } }
          ]
        }
        """;

    // https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
    private const string WithoutSelector = """
        {
          "apiVersion": "discovery.k8s.io/v1",
          "kind": "EndpointSlice",
          "metadata": { "name": "my-service-1", "labels": { "kubernetes.io/service-name": "my-service" } },
          "addressType": "IPv4",
          "ports": [ { "name": "http", "appProtocol": "http", "protocol": "TCP", "port": 9376 } ],
          "endpoints": [ { "addresses": [ "10.4.5.6" ] }, { "addresses": [ "10.1.2.3" ] } ]
        }
        """;

    // https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/: while a pod ends, and as the control plane writes slices.
    private const string Terminating = """
        {
          "addressType": "IPv4",
          "apiVersion": "discovery.k8s.io/v1",
          "endpoints": [
            {
              "addresses": [ "10.12.1.201" ],
              "conditions": { "ready": false, "serving": true, "terminating": true },
              "nodeName": "gke-main-default-pool-dca1511c-d17b",
              "targetRef": { "kind": "Pod", "name": "nginx-deployment-7768647bf9-b4b9s", "namespace": "default", "uid": "66fa831c-7eb2-407f-bd2c-f96dfe841478" },
              "zone": "us-central1-c"
            },
            {
              "addresses": [ "10.12.1.202" ],
              "conditions": { "ready": true, "serving": true, "terminating": false },
              "nodeName": "gke-main-default-pool-dca1511c-d17b",
              "targetRef": { "kind": "Pod", "name": "nginx-deployment-7768647bf9-rkxlw", "namespace": "default", "uid": "722b1cbe-dcd7-4ed4-8928-4a4d0e2bbe35" },
              "zone": "us-central1-c"
            }
          ],
          "kind": "EndpointSlice",
          "metadata": { "name": "nginx-service-6tjbr", "labels": { "kubernetes.io/service-name": "nginx-service" } },
          "ports": [ { "name": "", "port": 80, "protocol": "TCP" } ]
        }
        """;

    [Fact]
    public void The_example_of_the_reference_is_one_endpoint_with_its_zone()
    {
        var found = Assert.Single(Choose(Example));

        Assert.Equal(new DiscoveredEndpoint("http", "10.1.2.3", 80) { Zone = "us-west2-a" }, found);
    }

    [Fact]
    public void The_example_with_hints_comes_first_in_its_zone()
    {
        Assert.Equal(("zone-a", 0), Assert.Single(Choose(Hints, "zone-a")) is var found ? (found.Zone, found.Priority) : default);
    }

    [Fact]
    public void Endpoints_without_conditions_and_pods_are_used()
    {
        Assert.Equal(["10.4.5.6:9376", "10.1.2.3:9376"], Choose(WithoutSelector).Select(static one => $"{one.Host}:{one.Port}"));
    }

    [Fact]
    public void The_pod_that_terminates_drains()
    {
        Assert.Equal([("10.12.1.202", false), ("10.12.1.201", true)], Choose(Terminating).Select(static one => (one.Host, one.IsDraining)));
    }

    private static IReadOnlyList<DiscoveredEndpoint> Choose(string slice, string? zone = null) =>
        EndpointChoice.Of([SliceReader.Read(JsonDocument.Parse(slice).RootElement)], Queries.Parse("http://example"), new ClientPlace(zone, null), preferIPv6: false).Endpoints;
}
