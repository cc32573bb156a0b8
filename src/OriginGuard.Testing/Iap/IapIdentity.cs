namespace OriginGuard.Testing;

/// <summary>Whom an assertion names. The default is a made-up Google account.</summary>
public sealed class IapIdentity
{
    /// <summary>The user of an IAP resource that is open to everyone: no subject and no email.</summary>
    public static IapIdentity Anonymous { get; } = new() { Subject = null, Email = null };

    /// <summary><c>sub</c>, with its prefix; null leaves it out.</summary>
    public string? Subject { get; init; } = "accounts.google.com:118133858486581853996";

    /// <summary><c>email</c>; null leaves it out.</summary>
    public string? Email { get; init; } = "ada@example.com";

    /// <summary><c>hd</c>; null, the default, leaves it out.</summary>
    public string? HostedDomain { get; init; }

    /// <summary><c>google.access_levels</c>; empty, the default, leaves it out.</summary>
    public IReadOnlyList<string> AccessLevels { get; init; } = [];

    /// <summary><c>additional_claims</c>: the attributes that IAP was set up to sign, each with its values; empty, the default, leaves it out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary><c>gcip</c> as a JSON object, for external identities; null, the default, leaves it out.</summary>
    public string? Gcip { get; init; }
}
