using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ClientSideLb.DependencyInjection;

/// <summary>
/// Finds resilience handlers between the balancer and the primary handler that send a request again or open a circuit. There they see one endpoint only. A
/// handler that only limits the time or the number of requests does no harm.
/// </summary>
/// <remarks>
/// The handlers do not show what they are made of. So their fields are read, as far as they hold parts of Polly. If nothing is found, because the
/// application is trimmed or a new version is made differently, a handler counts as one that sends again.
/// </remarks>
internal static class InnerResilience
{
    private const int MaxParts = 1000;

    private static readonly string[] Handlers =
        ["Microsoft.Extensions.Http.Resilience.ResilienceHandler", "Microsoft.Extensions.Http.PolicyHttpMessageHandler"];

    private static readonly string[] Harmful = ["Retry", "Hedging", "CircuitBreaker"];

    /// <summary>Finds the first such handler, and returns the name of its type.</summary>
    /// <param name="handlers">The handlers inside of the balancer.</param>
    internal static string? Find(IEnumerable<DelegatingHandler> handlers) =>
        handlers.FirstOrDefault(static handler => IsResilienceHandler(handler.GetType()) && MayDoHarm(handler))?.GetType().Name;

    private static bool IsResilienceHandler(Type? type) =>
        type is not null && (Array.IndexOf(Handlers, type.FullName) >= 0 || IsResilienceHandler(type.BaseType));

    private static bool MayDoHarm(DelegatingHandler handler)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var strategies = FindParts(handler, seen).Select(static part => part.GetType().Name)
            .Where(static name => name.Contains("Strategy", StringComparison.Ordinal) || name.Contains("Policy", StringComparison.Ordinal))
            .ToList();
        return strategies.Count == 0 || strategies.Exists(static name => Array.Exists(Harmful, harmful => name.Contains(harmful, StringComparison.Ordinal)));
    }

    // The handler holds a function, whose closure holds the pipeline.
    private static IEnumerable<object> FindParts(DelegatingHandler handler, HashSet<object> seen)
    {
        var open = new Stack<object>();
        foreach (var value in ReadFields(handler))
        {
            Push(value is Delegate { Target: { } closure } ? ReadFields(closure) : [value], open, seen);
        }

        while (open.TryPop(out var part) && seen.Count < MaxParts)
        {
            yield return part;
            Push(ReadFields(part), open, seen);
        }
    }

    private static void Push(IEnumerable<object> values, Stack<object> open, HashSet<object> seen)
    {
        foreach (var value in values.SelectMany(static value => value is IEnumerable many and not string ? many.Cast<object?>().OfType<object>() : [value]))
        {
            if (IsOfPolly(value.GetType()) && seen.Add(value))
            {
                open.Push(value);
            }
        }
    }

    // A registry holds the pipelines of all clients.
    private static bool IsOfPolly(Type type) =>
        type.Namespace is { } name
        && (name == "Polly" || name.StartsWith("Polly.", StringComparison.Ordinal))
        && !name.StartsWith("Polly.Registry", StringComparison.Ordinal)
        && !type.IsValueType
        && !typeof(Delegate).IsAssignableFrom(type);

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Fields that were trimmed are not found, which is expected.")]
    private static List<object> ReadFields(object part)
    {
        var values = new List<object>();
        for (var type = part.GetType(); type is not null && type != typeof(DelegatingHandler); type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            values.AddRange(type.GetFields(Own).Where(static field => !field.FieldType.IsPrimitive).Select(field => field.GetValue(part)).OfType<object>());
        }

        return values;
    }
}
