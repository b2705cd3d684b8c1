namespace ClientSideLb.Kubernetes.Api;

/// <summary>What a line of a watch says.</summary>
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
