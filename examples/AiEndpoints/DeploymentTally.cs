namespace AiEndpoints;

/// <summary>What one deployment has done.</summary>
/// <param name="Name">The name of the deployment.</param>
/// <param name="FirstToken">Its time to the first token.</param>
/// <param name="Answered">The requests that it answered.</param>
/// <param name="Tokens">The tokens that these counted for its quota.</param>
/// <param name="Rejected">The requests that it answered with 429.</param>
internal sealed record DeploymentTally(string Name, TimeSpan FirstToken, int Answered, int Tokens, int Rejected);
