using System.Text.Json.Nodes;

namespace ClientSideLb.Kubernetes.Tests.Server;

/// <summary>A change of an object, at one version of the store.</summary>
internal sealed record ApiEvent(long Version, string Type, string Resource, JsonObject Object);
