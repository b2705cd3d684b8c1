namespace Quickstart;

/// <summary>When a request was sent, as seen from the outage.</summary>
internal enum Phase
{
    Before,
    During,
    After,
}
