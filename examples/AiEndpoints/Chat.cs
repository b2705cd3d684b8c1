using System.Text.Json.Nodes;

namespace AiEndpoints;

/// <summary>One request for a completion.</summary>
/// <param name="Prompt">The text to complete.</param>
/// <param name="MaxTokens">The greatest length of the answer, in tokens.</param>
/// <param name="IsStreamed">Whether the tokens of the answer come one by one, as server-sent events.</param>
internal sealed record Chat(string Prompt, int MaxTokens, bool IsStreamed)
{
    internal const string Path = "v1/chat/completions";

    private const int LettersPerToken = 4;

    private static readonly int[] AnswerLengths = [200, 500, 800];

    /// <summary>Gets the tokens that a service counts when a request arrives: those of the prompt, and the most that the answer may have.</summary>
    internal int Cost => CountTokens(Prompt) + MaxTokens;

    /// <summary>Creates the chats of a load: of different length, two of three streamed.</summary>
    internal static Chat Create(int id) => new(CreatePrompt(), AnswerLengths[id / 2 % AnswerLengths.Length], IsStreamed: id % 3 != 0);

    /// <exception cref="FormatException">The content is not a chat.</exception>
    internal static Chat Read(JsonNode? json) => json is null
        ? throw new FormatException("The request has no content.")
        : new((string)json["messages"]![0]!["content"]!, (int)json["max_tokens"]!, (bool)json["stream"]!);

    /// <summary>Creates the content of the request. It is made from memory, so it can be sent again at another deployment.</summary>
    internal JsonContent CreateContent() => JsonContent.Create(new JsonObject
    {
        ["model"] = "example",
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompt }),
        ["max_tokens"] = MaxTokens,
        ["stream"] = IsStreamed,
    });

    private static string CreatePrompt() => string.Concat(Enumerable.Repeat("Say something about load balancing. ", 11));

    private static int CountTokens(string text) => (text.Length + LettersPerToken - 1) / LettersPerToken;
}
