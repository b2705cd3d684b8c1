namespace ClientSideLb.Health;

/// <summary>A probe could not be sent, because the application's configuration of the client failed. That is no fault of the endpoint.</summary>
/// <param name="cause">The failure of the configuration.</param>
internal sealed class ProbeNotSentException(Exception cause) : Exception("The probe could not be sent.", cause);
