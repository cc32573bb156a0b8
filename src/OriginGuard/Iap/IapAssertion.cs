namespace OriginGuard.Iap;

/// <summary>What an assertion says, before anybody has asked whether it is true.</summary>
internal sealed class IapAssertion
{
    /// <summary>The token up to the second dot: what is signed. ASCII.</summary>
    public required ReadOnlyMemory<char> SigningInput { get; init; }

    public required byte[] Signature { get; init; }

    public required string? Algorithm { get; init; }

    public required string? KeyId { get; init; }

    public required string? Issuer { get; init; }

    /// <summary>Null as well when the claim is anything but one string.</summary>
    public required string? Audience { get; init; }

    /// <summary>Seconds since 1970, as the other times.</summary>
    public required long? Expires { get; init; }

    public required long? IssuedAt { get; init; }

    public required long? NotBefore { get; init; }

    public required string? Subject { get; init; }

    public required string? Email { get; init; }

    public required string? HostedDomain { get; init; }

    public required IReadOnlyList<string> AccessLevels { get; init; }

    public required GcipClaims? Gcip { get; init; }
}
