namespace ClientSideLb;

/// <summary>Sets how the endpoints of services are found in Kubernetes. The values are read once, when the first service is asked for.</summary>
/// <remarks>In a pod, the defaults are right. Only <see cref="NodeName"/> needs the pod's manifest to pass it in.</remarks>
public sealed class KubernetesDiscoveryOptions
{
    /// <summary>Gets or sets the address of the API server.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the address in the environment variables <c>KUBERNETES_SERVICE_HOST</c> and
    /// <c>KUBERNETES_SERVICE_PORT</c>, which each pod has. Without them and without this address, nothing is asked and all names are left to the
    /// other providers of service discovery, so that the same application runs outside of a cluster.
    /// </value>
    public Uri? ApiServer { get; set; }

    /// <summary>
    /// Gets or sets the folder with the credentials of the pod's service account: the files <c>token</c>, <c>ca.crt</c> and <c>namespace</c>. The
    /// token is read again for each request, because Kubernetes replaces it while the pod runs.
    /// </summary>
    /// <value>The default value is <c>/var/run/secrets/kubernetes.io/serviceaccount</c>.</value>
    public string ServiceAccountPath { get; set; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Gets or sets the namespace of services whose name has none, such as <c>api</c>.</summary>
    /// <value>The default value is <see langword="null"/>: the pod's own namespace, or <c>default</c> if it is not known.</value>
    public string? Namespace { get; set; }

    /// <summary>Gets or sets the domain that the full names of services end with, as in <c>api.shop.svc.cluster.local</c>.</summary>
    /// <value>The default value is <c>cluster.local</c>.</value>
    public string ClusterDomain { get; set; } = "cluster.local";

    /// <summary>
    /// Gets or sets the name of the node that the application runs on. With it, the client's own zone is found, and hints for nodes are heeded.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the environment variable <c>NODE_NAME</c>, if there is one.</value>
    public string? NodeName { get; set; }

    /// <summary>
    /// Gets or sets the zone that the application runs in. Clients whose <see cref="LoadBalancingOptions.Zone"/> is not set get it.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: the label <c>topology.kubernetes.io/zone</c> of the node, or the zone of an endpoint on the same
    /// node if the node must not be read.
    /// </value>
    public string? Zone { get; set; }

    /// <summary>Gets or sets a value indicating whether pods that have an IPv4 and an IPv6 address are reached by the latter.</summary>
    /// <value>The default value is <see langword="false"/>. Each pod is one endpoint, however many addresses it has.</value>
    public bool PreferIPv6 { get; set; }

    /// <summary>Gets or sets the predicate that tells which names are looked up.</summary>
    /// <value>
    /// It is called with the host of a request, from any thread. A name that it refuses is left to the other providers. The default value is
    /// <see langword="null"/>: all names that may be those of services. IP addresses, <c>localhost</c>, and names that configuration lists are never
    /// looked up.
    /// </value>
    public Func<string, bool>? Accepts { get; set; }

    /// <summary>Gets or sets how long the API server may take to answer. Watches stay open for longer.</summary>
    /// <value>From 100 milliseconds to 25 seconds. The default value is 10 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
