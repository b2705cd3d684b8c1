namespace ClientSideLb.Simulator;

/// <summary>The exception for a scenario that cannot be read or run. The message names the faults, their places and the expected values.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The faults, their places and the expected values.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public ScenarioException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
