namespace ClientSideLb.Simulator;

/// <summary>A scenario cannot be read or run. The message says what is wrong, where, and what is expected.</summary>
public sealed class ScenarioException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what is expected.</param>
    /// <param name="innerException">Where it came from.</param>
    public ScenarioException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
