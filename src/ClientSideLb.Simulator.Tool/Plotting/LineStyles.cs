namespace ClientSideLb.Simulator.Tool;

/// <summary>Chooses the looks of lines, no two of which are alike.</summary>
internal static class LineStyles
{
    // Everyone can distinguish the first colours. A colour that some people cannot distinguish from an earlier one has another pattern.
    private static readonly LineStyle[] Preferred =
        [new(0, 0), new(1, 0), new(2, 0), new(3, 1), new(4, 1), new(5, 2), new(6, 3), new(7, 0)];

    /// <summary>Chooses the looks of lines that are named "what" or "what, variant". Lines that have one of both in common look related.</summary>
    /// <returns>A look for each label, in the same order.</returns>
    internal static IReadOnlyList<LineStyle> Of(IReadOnlyList<string> labels)
    {
        var names = labels.Select(static label => label.Split(", ", 2)).Select(static parts => (What: parts[0], Variant: parts.Length > 1 ? parts[1] : "")).ToArray();
        var subjects = names.Select(static name => name.What).Distinct().ToArray();
        var variants = names.Select(static name => name.Variant).Distinct().ToArray();

        // The eye sees the colour first, so it stands for the part of the name that has more values.
        var isByVariant = subjects.Length <= 2 && variants.Length > subjects.Length;
        var used = new HashSet<LineStyle>();
        var styles = new List<LineStyle>();
        foreach (var (what, variant) in names)
        {
            var index = isByVariant ? Array.IndexOf(variants, variant) : Array.IndexOf(subjects, what);
            var wanted = isByVariant ? new LineStyle(index % PlotTheme.Colours, Array.IndexOf(subjects, what)) : Preferred[index % Preferred.Length];
            styles.Add(FindUnused(wanted, used));
            used.Add(styles[^1]);
        }

        return styles;
    }

    private static LineStyle FindUnused(LineStyle wanted, HashSet<LineStyle> used)
    {
        for (var i = 0; i < PlotTheme.Colours * PlotTheme.Dashes; i++)
        {
            var style = new LineStyle((wanted.Colour + (i / PlotTheme.Dashes)) % PlotTheme.Colours, (wanted.Dash + i) % PlotTheme.Dashes);
            if (!used.Contains(style))
            {
                return style;
            }
        }

        // There are more lines than styles.
        return wanted;
    }
}
