using System.Diagnostics.CodeAnalysis;
using System.Reflection.Metadata;

namespace ClientSideLb.Configuration;

/// <summary>
/// The name of a client that a generator made: the name of a type with its assembly, such as
/// <c>Refit.Implementation.Generated+ShopIOrders, Shop, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null</c>. People read its short form, and no host has
/// such a name.
/// </summary>
internal static class GeneratedName
{
    /// <summary>Tells whether a generator made a name.</summary>
    internal static bool Is(string name) => TryParse(name, out _);

    /// <summary>Gets the short form of a name that a generator made, such as <c>ShopIOrders</c>. Any other name stays as it is.</summary>
    internal static string Shorten(string name) => TryParse(name, out var type) ? Shorten(type) : name;

    // A name that an application chose may have a comma. It has no version.
    private static bool TryParse(string name, [NotNullWhen(true)] out TypeName? type)
    {
        type = null;
        return name.Contains(", Version=", StringComparison.Ordinal) && TypeName.TryParse(name, out type) && type.AssemblyName?.Version is not null;
    }

    // The types around a nested one, such as Refit's, say less than its own name.
    private static string Shorten(TypeName type)
    {
        if (!type.IsConstructedGenericType)
        {
            return RemoveArity(type.IsNested ? type.Name : type.FullName);
        }

        var definition = type.GetGenericTypeDefinition();
        var name = RemoveArity(definition.IsNested ? definition.Name : definition.FullName);
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Shorten))}>";
    }

    private static string RemoveArity(string name)
    {
        var arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : name[..arity];
    }
}
