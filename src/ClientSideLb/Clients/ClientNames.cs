using System.Globalization;
using ClientSideLb.Configuration;

namespace ClientSideLb.Clients;

/// <summary>
/// The names of clients as people read them: those that a generator made are short. Two clients never have the same one, because metrics would mix them up.
/// Thread-safe.
/// </summary>
internal sealed class ClientNames
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <param name="known">The clients that are known from the start. Their short names do not depend on which one is used first.</param>
    internal ClientNames(IEnumerable<string> known)
    {
        foreach (var same in known.Distinct(StringComparer.Ordinal).GroupBy(GeneratedName.Shorten, StringComparer.Ordinal))
        {
            string[] names = [.. same];
            Array.ForEach(names, name => Add(name, names.Length == 1 ? same.Key : name));
        }
    }

    /// <summary>Gets the name of a client as people read it. A client keeps it.</summary>
    internal string Shorten(string name)
    {
        lock (_lock)
        {
            return _shown.TryGetValue(name, out var shown) ? shown : Add(name, GeneratedName.Shorten(name));
        }
    }

    private string Add(string name, string wanted)
    {
        var shown = wanted;
        if (!_used.Add(shown))
        {
            // The short name is another client's, so the whole one is shown.
            shown = name;
            for (var number = 2; !_used.Add(shown); number++)
            {
                shown = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
            }
        }

        return _shown[name] = shown;
    }
}
