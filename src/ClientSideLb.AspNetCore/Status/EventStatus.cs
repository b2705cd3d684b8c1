namespace ClientSideLb.AspNetCore.Status;

/// <summary>One of the last events of all clusters.</summary>
/// <param name="Number">The number of the event in this process. The first one has 1.</param>
/// <param name="Time">The time of the event.</param>
/// <param name="Client">The name of the client as people read it.</param>
/// <param name="Service">The name of the service, or an empty text for all services of the client.</param>
/// <param name="Kind">The name of its <see cref="ClusterEventKind"/>.</param>
/// <param name="Description">The description of the event.</param>
/// <param name="Reason">The reason for the event.</param>
internal sealed record EventStatus(long Number, DateTimeOffset Time, string Client, string Service, string Kind, string Description, string Reason)
{
    internal static EventStatus Of(ClusterEvent one) =>
        new(one.Number, one.Time, one.ShortClientName, one.ServiceName, one.Kind.ToString(), one.Description, one.Reason);
}
