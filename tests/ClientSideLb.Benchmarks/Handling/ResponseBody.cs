namespace ClientSideLb.Benchmarks.Handling;

/// <summary>What the stub's responses have for a body.</summary>
public enum ResponseBody
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>100 bytes, and no headers that say what they are.</summary>
    Plain,

    /// <summary>100 bytes with their type and length, as servers send them.</summary>
    WithHeaders,
}
