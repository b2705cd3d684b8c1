namespace ClientSideLb.Telemetry;

/// <summary>Values of attributes as objects. Each one is allocated once, so that a measurement allocates nothing.</summary>
internal static class AttributeValues
{
    private static readonly object True = true;
    private static readonly object False = false;

    // The options allow priorities up to 127.
    private static readonly object[] Priorities = [.. Enumerable.Range(0, 128).Select(static priority => (object)priority)];

    internal static object? Of(int? priority) =>
        priority is not { } value ? null :
        (uint)value < (uint)Priorities.Length ? Priorities[value] :
        value;

    internal static object Of(bool value) => value ? True : False;
}
