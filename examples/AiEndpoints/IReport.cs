namespace AiEndpoints;

/// <summary>Shows the parts of the example: in colour in a terminal, in plain lines elsewhere.</summary>
internal interface IReport
{
    void ShowIntroduction();

    /// <summary>Runs a part, shows that it is running, and then its result.</summary>
    Task<PartResult> RunAsync(Part part, Func<Task<PartResult>> runAsync);

    void ShowOutcome(Outcome outcome);
}
