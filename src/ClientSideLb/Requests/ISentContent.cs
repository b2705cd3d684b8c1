namespace ClientSideLb.Requests;

/// <summary>A content that the primary handler sends in place of the caller's.</summary>
internal interface ISentContent
{
    /// <summary>Gets the caller's content.</summary>
    HttpContent Content { get; }
}
