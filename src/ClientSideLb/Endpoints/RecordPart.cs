namespace ClientSideLb.Endpoints;

/// <summary>A state machine of an <see cref="EndpointRecord"/>. It reports each change to the record, which caches values that depend on it.</summary>
/// <param name="record">The record, or <see langword="null"/> for a state machine that belongs to none.</param>
internal abstract class RecordPart(EndpointRecord? record)
{
    private protected void MarkChanged() => record?.Refresh();
}
