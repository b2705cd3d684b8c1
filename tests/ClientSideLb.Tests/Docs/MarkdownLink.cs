namespace ClientSideLb.Tests.Docs;

/// <summary>The target of a link or an image.</summary>
/// <param name="Document">The document that has the link, as a path from the root of the repository.</param>
/// <param name="Line">The line of the link, counted from 1.</param>
/// <param name="Target">The target as it is written.</param>
internal sealed record MarkdownLink(string Document, int Line, string Target);
