using System.Globalization;

namespace OriginGuard.Configuration;

/// <summary>The options as a list of settings with comparable values, by the names of the documentation. For comparison only: secrets are among them.</summary>
internal static class SettingValues
{
    private const string Root = OriginGuardOptions.SectionName;

    /// <summary>The names of the settings that differ, never their values.</summary>
    public static IReadOnlyList<string> Differences(OriginGuardOptions left, OriginGuardOptions right) =>
        [.. Of(left).Zip(Of(right)).Where(static pair => pair.First.Value != pair.Second.Value).Select(static pair => pair.First.Key)];

    /// <summary>All settings, always in the same order.</summary>
    public static IEnumerable<(string Key, string? Value)> Of(OriginGuardOptions options) =>
    [
        ($"{Root}:Mode", Text(options.Mode)),
        ($"{Root}:Platform", Text(options.Platform)),
        .. Of(options.SourceAddress),
        .. Of(options.Dns),
        .. Of(options.SharedSecret),
        .. Of(options.Iap),
        ($"{Root}:ClientAddress:Restore", Text(options.ClientAddress.Restore)),
        ($"{Root}:ClientAddress:Position", Text(options.ClientAddress.Position)),
        ($"{Root}:Exemptions", List(options.Exemptions.SelectMany(static exemption => (string[])[exemption.Path, Text(exemption.Networks) ?? ""]))),
        ($"{Root}:Rejection:StatusCode", Text(options.Rejection.StatusCode)),
        ($"{Root}:Rejection:IncludeReason", Text(options.Rejection.IncludeReason)),
        ($"{Root}:Rejection:Abort", Text(options.Rejection.Abort)),
    ];

    private static IEnumerable<(string Key, string? Value)> Of(SourceAddressOptions options) =>
    [
        ($"{Root}:SourceAddress:Mode", Text(options.Mode)),
        ($"{Root}:SourceAddress:From", Text(options.From)),
        ($"{Root}:SourceAddress:ForwardedForPosition", Text(options.ForwardedForPosition)),
        ($"{Root}:SourceAddress:RecordNames", Text(options.RecordNames)),
        ($"{Root}:SourceAddress:Networks", Text(options.Networks)),
        ($"{Root}:SourceAddress:AllowNonPublicNetworks", Text(options.AllowNonPublicNetworks)),
        ($"{Root}:SourceAddress:MinPrefixLengthV4", Text(options.MinPrefixLengthV4)),
        ($"{Root}:SourceAddress:MinPrefixLengthV6", Text(options.MinPrefixLengthV6)),
        ($"{Root}:SourceAddress:MinRefreshInterval", Text(options.MinRefreshInterval)),
        ($"{Root}:SourceAddress:MaxRefreshInterval", Text(options.MaxRefreshInterval)),
        ($"{Root}:SourceAddress:MaxAge", Text(options.MaxAge)),
        ($"{Root}:SourceAddress:SnapshotPath", options.SnapshotPath),
        ($"{Root}:SourceAddress:UseBuiltInRanges", Text(options.UseBuiltInRanges)),
    ];

    private static IEnumerable<(string Key, string? Value)> Of(DnsOptions options) =>
    [
        ($"{Root}:Dns:Servers", Text(options.Servers)),
        ($"{Root}:Dns:HttpsEndpoint", options.HttpsEndpoint?.OriginalString),
        ($"{Root}:Dns:Timeout", Text(options.Timeout)),
        ($"{Root}:Dns:Attempts", Text(options.Attempts)),
    ];

    private static IEnumerable<(string Key, string? Value)> Of(SharedSecretOptions options) =>
    [
        ($"{Root}:SharedSecret:Mode", Text(options.Mode)),
        ($"{Root}:SharedSecret:HeaderName", options.HeaderName),
        ($"{Root}:SharedSecret:Secrets", Text(options.Secrets)),
        ($"{Root}:SharedSecret:SecretFiles", Text(options.SecretFiles)),
        ($"{Root}:SharedSecret:RemoveHeader", Text(options.RemoveHeader)),
    ];

    private static IEnumerable<(string Key, string? Value)> Of(IapOptions options) =>
    [
        ($"{Root}:Iap:Mode", Text(options.Mode)),
        ($"{Root}:Iap:Audiences", Text(options.Audiences)),
        ($"{Root}:Iap:ProjectNumber", options.ProjectNumber),
        ($"{Root}:Iap:KeysUri", options.KeysUri?.OriginalString),
        ($"{Root}:Iap:ClockSkew", Text(options.ClockSkew)),
        ($"{Root}:Iap:MaxTokenLifetime", Text(options.MaxTokenLifetime)),
        ($"{Root}:Iap:AllowAnonymous", Text(options.AllowAnonymous)),
        ($"{Root}:Iap:AllowPreflight", Text(options.AllowPreflight)),
    ];

    private static string? Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    private static string? Text<T>(T[]? values) => values is null ? null : List(values.Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));

    // With the length in front: no element can look like two.
    private static string List(IEnumerable<string> values) => string.Concat(values.Select(static value => $"{value.Length}:{value}"));
}
