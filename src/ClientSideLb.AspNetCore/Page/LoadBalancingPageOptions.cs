namespace ClientSideLb;

/// <summary>Options of the live page.</summary>
public sealed class LoadBalancingPageOptions
{
    /// <summary>Gets or sets a value indicating whether everyone who may see the page may also drain and resume endpoints with it.</summary>
    /// <value>The default value is <see langword="false"/>: the page is read-only.</value>
    public bool AllowChanges { get; set; }

    /// <summary>
    /// Gets or sets the port of this application at which the page is served, from 1 to 65535. A request that arrives at another port
    /// gets 404 (Not Found), whatever its headers say.
    /// </summary>
    /// <remarks>
    /// The port is that of the connection (<see cref="Microsoft.AspNetCore.Http.ConnectionInfo.LocalPort"/>). The application must listen
    /// at it, and only operators should be able to reach it. A connection without a port, such as one over a Unix socket, is refused.
    /// <c>RequireHost("*:8081")</c> does not protect the page: it compares the <c>Host</c> header, which the client chooses.
    /// </remarks>
    /// <value>The default value is <see langword="null"/>: the page is served at every port.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? LocalPort
    {
        get;
        set
        {
            if (value is { } port)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(port, 1, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue, nameof(value));
            }

            field = value;
        }
    }
}
