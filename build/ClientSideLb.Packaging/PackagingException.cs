namespace ClientSideLb.Packaging;

/// <summary>A fault in what is to be packed.</summary>
internal sealed class PackagingException(string message) : Exception(message);
