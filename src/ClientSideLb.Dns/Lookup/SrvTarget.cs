namespace ClientSideLb.Dns.Lookup;

/// <summary>The values of an SRV record, with the addresses of its target.</summary>
/// <param name="Priority">The priority of the record, from 0 to 65535.</param>
/// <param name="Weight">The weight of the record, from 0 to 65535.</param>
/// <param name="Port">The port.</param>
/// <param name="Host">The addresses of the target.</param>
internal sealed record SrvTarget(int Priority, int Weight, int Port, HostAddresses Host);
