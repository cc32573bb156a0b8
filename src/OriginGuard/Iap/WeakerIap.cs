namespace OriginGuard.Iap;

/// <summary>Which settings of IAP may not go without a word: those by whose absence an assertion is believed that was not before.</summary>
internal static class WeakerIap
{
    private static readonly string[] Names =
    [
        nameof(IapOptions.Audiences), nameof(IapOptions.ProjectNumber), nameof(IapOptions.KeysUri), nameof(IapOptions.ClockSkew), nameof(IapOptions.MaxTokenLifetime),
        nameof(IapOptions.AllowAnonymous),
    ];

    /// <param name="name">A setting that was given, is not given any more, and has another value now.</param>
    /// <param name="current">The options in force.</param>
    /// <param name="next">The options that would follow.</param>
    public static bool Is(string name, IapOptions current, IapOptions next) => name switch
    {
        // Another value is another question, whichever is stricter.
        nameof(next.KeysUri) => next.KeysUri != current.KeysUri,
        nameof(next.ClockSkew) => next.ClockSkew != current.ClockSkew,
        nameof(next.MaxTokenLifetime) => next.MaxTokenLifetime != current.MaxTokenLifetime,

        // Only in one direction. What code had set before the configuration may be milder than it, and comes back without it.
        nameof(next.Audiences) => next.Audiences.Except(current.Audiences, StringComparer.Ordinal).Any(),
        nameof(next.ProjectNumber) => next.ProjectNumber is not null && next.ProjectNumber != current.ProjectNumber,
        nameof(next.AllowAnonymous) => next.AllowAnonymous && !current.AllowAnonymous,
        nameof(next.AllowPreflight) => Width(next.AllowPreflight) > Width(current.AllowPreflight),
        _ => false,
    };

    /// <summary>A sentence for each setting of a scheme that a reload would lose; never a value.</summary>
    /// <param name="section">The full name of the section.</param>
    /// <param name="current">The options in force.</param>
    /// <param name="next">The options that would follow.</param>
    public static IEnumerable<string> Lost(string section, IapOptions current, IapOptions next) =>
        Names.Where(name => next.Reading.HasLost($"{section}:{name}", current.Reading) && Is(name, current, next))
            .Select(name => $"{section}:{name} was set and is not there any more; what is in force does not go back to what stood before it. Write the value that is meant.");

    // Not set lies between: it lets pass what CORS alone answers.
    private static int Width(bool? allows) => allows switch { false => 0, null => 1, true => 2 };
}
