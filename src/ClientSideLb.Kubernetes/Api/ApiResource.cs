namespace ClientSideLb.Kubernetes.Api;

/// <summary>A resource that the API server is asked for, in the terms of its access control.</summary>
/// <param name="Operation">The name of the operation in metrics, which is also the verb that must be granted.</param>
/// <param name="Group">The API group. Empty for the core group.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Namespace">The namespace, or <see langword="null"/> if the resource has none.</param>
internal sealed record ApiResource(string Operation, string Group, string Resource, string? Namespace)
{
    /// <summary>Says what to grant if the resource is refused.</summary>
    internal string DescribeGrant() => Namespace is null
        ? $"Grant the application's service account the verb '{Operation}' on the resource '{Resource}' (apiGroups: [\"{Group}\"]) by a ClusterRole and a ClusterRoleBinding."
        : $"Grant the application's service account the verb '{Operation}' on the resource '{Resource}' (apiGroups: [\"{Group}\"]) in the namespace '{Namespace}' by a Role and a RoleBinding there.";

    public override string ToString() => Namespace is null ? $"{Operation} {Resource}" : $"{Operation} {Resource} in namespace '{Namespace}'";
}
