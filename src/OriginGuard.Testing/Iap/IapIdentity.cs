using System.Text.Json;

namespace OriginGuard.Testing;

/// <summary>Whom an assertion names. The default is a made-up Google account. For what it does not have, sign a payload of your own with <see cref="IapAssertionIssuer.Sign"/>.</summary>
public sealed class IapIdentity
{
    private readonly string? _subject;
    private readonly bool _hasSubject;
    private readonly string? _email;
    private readonly bool _hasEmail;

    /// <summary>The user of an IAP resource that is open to everyone: no subject and no email.</summary>
    public static IapIdentity Anonymous { get; } = new() { Subject = null, Email = null };

    /// <summary>
    /// <c>sub</c>, with its prefix; null leaves it out. By default that of a Google account, <c>accounts.google.com:118133858486581853996</c>. With <see cref="Gcip"/> the prefix is
    /// <c>securetoken.google.com/example-project/TENANT:</c>, where the tenant is the one in it, or <c>example-tenant</c>, and for a workforce identity <c>sts.google.com:</c> (seen in public code).
    /// </summary>
    public string? Subject
    {
        get => _hasSubject ? _subject : $"{Prefix}118133858486581853996";
        init => (_subject, _hasSubject) = (value, true);
    }

    /// <summary>
    /// <c>email</c>; null leaves it out. <c>ada@example.com</c> by default, and with <see cref="Gcip"/> the same behind the prefix of the default <see cref="Subject"/> (seen in public code).
    /// </summary>
    public string? Email
    {
        get => _hasEmail ? _email : Gcip is null ? "ada@example.com" : $"{Prefix}ada@example.com";
        init => (_email, _hasEmail) = (value, true);
    }

    /// <summary><c>hd</c>; null, the default, leaves it out.</summary>
    public string? HostedDomain { get; init; }

    /// <summary><c>google.access_levels</c>; empty, the default, leaves it out.</summary>
    public IReadOnlyList<string> AccessLevels { get; init; } = [];

    /// <summary><c>google.device_id</c>; null, the default, leaves it out.</summary>
    public string? DeviceId { get; init; }

    /// <summary><c>identity_source</c>, such as <c>WORKFORCE_IDENTITY_FEDERATION</c>; null, the default, leaves it out.</summary>
    public string? IdentitySource { get; init; }

    /// <summary><c>workforce_identity.iam_principal</c>; null, the default, leaves it out.</summary>
    public string? WorkforcePrincipal { get; init; }

    /// <summary><c>workforce_identity.workforce_pool_name</c>; null, the default, leaves it out.</summary>
    public string? WorkforcePool { get; init; }

    /// <summary><c>additional_claims</c>: the attributes that IAP was set up to sign, each with its values; empty, the default, leaves it out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary><c>gcip</c> as a JSON object, for external identities; null, the default, leaves it out.</summary>
    public string? Gcip { get; init; }

    private string Prefix => Gcip is not null ? $"securetoken.google.com/example-project/{TenantIn(Gcip) ?? "example-tenant"}:"
        : WorkforcePrincipal is not null || WorkforcePool is not null ? "sts.google.com:"
        : "accounts.google.com:";

    private static string? TenantIn(string gcip)
    {
        using var claims = JsonDocument.Parse(gcip);
        return claims.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("firebase", out var firebase) && firebase.ValueKind is JsonValueKind.Object
            && firebase.TryGetProperty("tenant", out var tenant) && tenant.ValueKind is JsonValueKind.String
                ? tenant.GetString()
                : null;
    }
}
