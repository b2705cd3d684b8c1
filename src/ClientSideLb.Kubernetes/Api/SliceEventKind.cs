namespace ClientSideLb.Kubernetes.Api;

/// <summary>The kinds of the lines of a watch.</summary>
internal enum SliceEventKind
{
    /// <summary>The API server has accepted the watch.</summary>
    Opened,

    /// <summary>The slice is new or has changed.</summary>
    Set,

    /// <summary>The slice is gone.</summary>
    Deleted,

    /// <summary>Nothing has changed up to the version.</summary>
    Bookmark,
}
