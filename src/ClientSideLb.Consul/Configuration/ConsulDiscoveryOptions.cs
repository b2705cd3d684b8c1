namespace ClientSideLb;

/// <summary>Sets how the instances of services are found in Consul. The values are read once, when the first service is asked for.</summary>
public sealed class ConsulDiscoveryOptions
{
    /// <summary>Gets or sets the address of the Consul agent or server.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the address in the environment variable <c>CONSUL_HTTP_ADDR</c>, such as
    /// <c>consul.example:8500</c> or <c>https://consul.example:8501</c>, or <c>http://localhost:8500</c>. Without a scheme, the variable means
    /// <c>http</c>, or <c>https</c> if <c>CONSUL_HTTP_SSL</c> is <c>true</c>.
    /// </value>
    public Uri? Address { get; set; }

    /// <summary>Gets or sets the ACL token. It needs <c>service:read</c> on the services and <c>node:read</c> on their nodes.</summary>
    /// <value>The default value is <see langword="null"/>: the token in the environment variable <c>CONSUL_HTTP_TOKEN</c>, or none.</value>
    public string? Token { get; set; }

    /// <summary>Gets or sets the datacenter to ask, for names that have none.</summary>
    /// <value>The default value is <see langword="null"/>: the datacenter of the agent.</value>
    public string? Datacenter { get; set; }

    /// <summary>Gets or sets a value indicating whether only instances are used whose checks all pass.</summary>
    /// <value>
    /// The default value is <see langword="false"/>: all instances are known with their health. Those in maintenance are drained, critical ones are
    /// taken out, and those with a warning have their weight for warnings. Only balanced clients heed that, so set it to <see langword="true"/> if
    /// other clients use service discovery too.
    /// </value>
    public bool PassingOnly { get; set; }

    /// <summary>Gets the tags that an instance must have, all of them.</summary>
    /// <value>Empty by default. A request to <c>http://_v2.api</c> asks for the tag <c>v2</c> besides.</value>
    public IList<string> Tags { get; } = [];

    /// <summary>Gets or sets how long Consul may hold a query until there is a change.</summary>
    /// <value>From 1 second to 10 minutes. The default value is 5 minutes. A change ends the wait at once, whatever this value is.</value>
    public TimeSpan Wait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how long Consul may take to answer, besides the time for which it holds a query.</summary>
    /// <value>From 100 milliseconds to 25 seconds. The default value is 10 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets a value indicating whether instances are reached by the address of their node.</summary>
    /// <value>The default value is <see langword="false"/>: by their own address, and by that of their node if they have none.</value>
    public bool UseNodeAddress { get; set; }

    /// <summary>Gets or sets the key in the metadata of an instance whose value, <c>http</c> or <c>https</c>, is its scheme.</summary>
    /// <value>The default value is <see langword="null"/>: the scheme is that of the request.</value>
    public string? SchemeMetaKey { get; set; }

    /// <summary>Gets or sets the key in the metadata of a node whose value is the zone of its instances.</summary>
    /// <value>The default value is <see langword="null"/>: only the instance's locality, which Consul Enterprise has, gives the zone. It comes first.</value>
    public string? ZoneMetaKey { get; set; }

    /// <summary>Gets or sets the predicate that tells which names are looked up.</summary>
    /// <value>
    /// It is called with the host of a request, from any thread. A name that it refuses is left to the other providers. The default value is
    /// <see langword="null"/>: names without a dot, and names such as <c>api.service.consul</c>. IP addresses, <c>localhost</c>, and names that
    /// configuration lists are never looked up.
    /// </value>
    public Func<string, bool>? Accepts { get; set; }

    /// <summary>Gets or sets the action that sets up the connection to Consul, such as its certificates. It is called once.</summary>
    /// <value>The default value is <see langword="null"/>. Redirects are not followed, because the token must not go to other hosts.</value>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }
}
