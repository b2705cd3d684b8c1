namespace GatewayContrast;

/// <summary>Shows the measurement: in colour in a terminal, in plain lines elsewhere.</summary>
internal interface IReport
{
    /// <summary>Runs the measurement, and shows that it is running.</summary>
    Task<IReadOnlyList<Contrast>> RunAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options);

    /// <summary>Shows the results.</summary>
    void ShowResults(IReadOnlyList<Contrast> contrasts);
}
