namespace OriginGuard.Arming;

/// <summary>The account as it is at one moment: what the file keeps and the report is made of.</summary>
internal sealed record ArmingState
{
    /// <summary>When the account was begun.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Up to when it is known.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Tells settings apart that decide otherwise.</summary>
    public required string Settings { get; init; }

    /// <summary>Since when they are in force.</summary>
    public required DateTimeOffset SettingsSince { get; init; }

    /// <summary>Every layer that is on refuses.</summary>
    public required bool IsArmed { get; init; }

    /// <summary>Since when nobody but strangers was seen.</summary>
    public required DateTimeOffset QuietSince { get; init; }

    /// <summary>How long a process was there to see it, since then.</summary>
    public required long QuietSeconds { get; init; }

    /// <summary>How many requests every layer admitted since then.</summary>
    public required long QuietAdmitted { get; init; }

    public required long Admitted { get; init; }

    /// <summary>Requests of strangers that were not admitted.</summary>
    public required long Strangers { get; init; }

    /// <summary>Requests about which the guard could not tell, for nothing that was wrong with them.</summary>
    public required long Undetermined { get; init; }

    public required IReadOnlyList<CallerState> Callers { get; init; }
}

/// <summary>One caller of the account.</summary>
internal sealed record CallerState
{
    public required string Kind { get; init; }

    public required string? Agent { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    public required string? Network { get; init; }

    public required string? Route { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required int Days { get; init; }

    public required long Refused { get; init; }

    public required long Reported { get; init; }

    public required long OvercountAtMost { get; init; }
}
