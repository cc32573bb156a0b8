namespace OriginGuard.PublishedLists;

/// <summary>Whether Google's lists hold the networks of a record.</summary>
internal enum Corroboration
{
    /// <summary>Nobody asked them: the record is not Google's, or the comparison is off.</summary>
    NotAsked,

    /// <summary>They do, and they are fresh.</summary>
    Confirmed,

    /// <summary>They do, and they are old: built in, or fetched too long ago.</summary>
    Likely,

    /// <summary>They do not, and they are old: Google may have new networks since.</summary>
    Doubted,

    /// <summary>They do not, and they are fresh. Such ranges are never in force.</summary>
    Denied,
}

/// <summary>The words for it.</summary>
internal static class CorroborationNames
{
    /// <summary>Null when nobody asked.</summary>
    public static string? ToName(this Corroboration said) => said switch
    {
        Corroboration.Confirmed => "confirmed",
        Corroboration.Likely => "likely",
        Corroboration.Doubted => "doubted",
        Corroboration.Denied => "denied",
        _ => null,
    };
}
