namespace ClientSideLb.Simulator.Tool;

/// <summary>Says where the results of a scenario answer its question.</summary>
/// <param name="Text">The columns, and their meaning.</param>
/// <param name="Plot">The name of the plot, which may end in <c>*</c> for several, without extension.</param>
/// <param name="Page">The page of the documentation.</param>
internal sealed record ReadingHint(string Text, string Plot, string Page)
{
    public override string ToString() => $"What to read: {Text} Plot (--out FOLDER): {Plot}.svg. Explained in {Page}";
}
