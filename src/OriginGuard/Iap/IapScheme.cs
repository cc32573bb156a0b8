namespace OriginGuard.Iap;

/// <summary>An authentication scheme that <c>AddGoogleIap</c> has registered.</summary>
internal sealed record IapScheme(string Name);
