namespace ClientSideLb.Dns.Questions;

/// <summary>A question to DNS about a service.</summary>
/// <param name="Name">The name to ask for, in the form of DNS and without a dot at its end.</param>
/// <param name="IsSrv">Whether it asks for SRV records, and not for addresses.</param>
internal readonly record struct DnsQuestion(string Name, bool IsSrv)
{
    /// <summary>Gets the name of the service: the name without the labels of an SRV record. Certificates are issued for this name.</summary>
    internal string Domain
    {
        get
        {
            var domain = Name.AsSpan();
            while (IsSrv && domain.Length > 1 && domain[0] == '_' && domain.IndexOf('.') is > 0 and var dot)
            {
                domain = domain[(dot + 1)..];
            }

            return domain.ToString();
        }
    }

    /// <summary>Gets the name of the port without its underscore, or <see langword="null"/>.</summary>
    internal string? PortName => IsSrv && Name.StartsWith('_') ? Name[1..Name.IndexOf('.', StringComparison.Ordinal)] : null;

    public override string ToString() => Name;
}
