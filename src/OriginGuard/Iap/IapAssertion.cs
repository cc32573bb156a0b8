namespace OriginGuard.Iap;

/// <summary>
/// A well-formed assertion, before anybody has asked whether it is true: what is needed to find that out, and no more. What it claims is read by
/// <see cref="IapClaims.Read"/> once the signature has been verified.
/// </summary>
internal sealed class IapAssertion
{
    /// <summary>The token up to the second dot: what is signed. ASCII.</summary>
    public required ReadOnlyMemory<char> SigningInput { get; init; }

    public required byte[] Signature { get; init; }

    public required string? Algorithm { get; init; }

    public required string? KeyId { get; init; }

    /// <summary>The claims as JSON, strict and each of its type.</summary>
    public required byte[] Payload { get; init; }
}
