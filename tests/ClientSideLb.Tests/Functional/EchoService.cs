using ClientSideLb.Tests.Functional.Grpc;
using Grpc.Core;

namespace ClientSideLb.Tests.Functional;

internal sealed class EchoService : Echo.EchoBase
{
    /// <summary>A text that is answered once the gate is open.</summary>
    internal const string Held = "held";

    /// <summary>A text that is answered with an error.</summary>
    internal const string Refused = "refused";

    internal Gate Gate { get; } = new();

    public override async Task<EchoMessage> Once(EchoMessage request, ServerCallContext context)
    {
        switch (request.Text)
        {
            case Held:
                await Gate.HoldAsync(context.CancellationToken);
                break;
            case Refused:
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "refused"));
        }

        return request;
    }

    /// <summary>Sends one message, and the others once the gate is open.</summary>
    public override async Task Repeat(RepeatRequest request, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        var message = new EchoMessage { Text = request.Text };
        await responseStream.WriteAsync(message);
        await Gate.HoldAsync(context.CancellationToken);
        for (var i = 1; i < request.Times; i++)
        {
            await responseStream.WriteAsync(message);
        }
    }

    public override async Task Converse(
        IAsyncStreamReader<EchoMessage> requestStream, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(message);
        }
    }
}
