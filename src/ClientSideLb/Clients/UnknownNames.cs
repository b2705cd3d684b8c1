using ClientSideLb.Requests;
using ClientSideLb.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClientSideLb.Clients;

/// <summary>
/// Reports the names that one client sends requests to and that no provider of service discovery knows, or that are foreign to its static endpoints: each
/// once, up to a number. A client that visits many hosts, such as a crawler, must fill neither the log nor the metrics. Thread-safe.
/// </summary>
/// <param name="clientName">The name of the client.</param>
/// <param name="isStatic">Whether the client has static endpoints.</param>
/// <param name="describeKnown">Says in words which names are known.</param>
/// <param name="logger">The log.</param>
internal sealed class UnknownNames(string clientName, bool isStatic, Func<string> describeKnown, ILogger logger)
{
    /// <summary>The number of names that are reported by themselves. All others are reported as one.</summary>
    internal const int MaxNames = 20;

    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);
    private bool _isFull;

    /// <summary>Reports a name, if it is new.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isRefused">Whether requests to it are refused.</param>
    internal UnknownName Add(string name, bool isRefused)
    {
        bool isNew, isFirstTooMany, isToldApart;
        lock (_told)
        {
            isNew = _told.Count < MaxNames && _told.Add(name);
            isToldApart = _told.Contains(name);
            isFirstTooMany = !isToldApart && !_isFull;
            _isFull |= !isToldApart;
        }

        var known = !isStatic && (isNew || isRefused) ? describeKnown() : "";
        if (isNew)
        {
            TellOf(name, isRefused ? "are refused" : "pass through unbalanced", known);
        }
        else if (isFirstTooMany)
        {
            TellOfTooMany();
        }

        return new UnknownName(clientName, isToldApart ? name : TelemetryNames.Other, known);
    }

    private void TellOf(string name, string effect, string known)
    {
        if (isStatic)
        {
            logger.ForeignHost(name, clientName, effect);
        }
        else
        {
            logger.UnknownService(name, clientName, effect, known);
        }
    }

    private void TellOfTooMany()
    {
        if (isStatic)
        {
            logger.TooManyForeignHosts(clientName, MaxNames);
        }
        else
        {
            logger.TooManyUnknownServices(clientName, MaxNames);
        }
    }
}
