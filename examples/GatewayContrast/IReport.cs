namespace GatewayContrast;

/// <summary>Shows what is measured: in colour in a terminal, in plain lines elsewhere.</summary>
internal interface IReport
{
    /// <summary>Waits for the measurement, and says that it is under way.</summary>
    Task<IReadOnlyList<Contrast>> ShowAsync(Func<Task<IReadOnlyList<Contrast>>> measureAsync, ContrastOptions options);

    void End(IReadOnlyList<Contrast> contrasts);
}
