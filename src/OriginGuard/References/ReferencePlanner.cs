using OriginGuard.SharedSecret;
using OriginGuard.Telemetry;

namespace OriginGuard.References;

/// <summary>Makes the references of each configuration, and keeps what outlives it: the rate, and the key for whoever has given none.</summary>
internal sealed class ReferencePlanner(SecretFiles files, TimeProvider time)
{
    private const string Key = $"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.Rejection)}";
    private const string WithoutKey =
        $"{Key}:IncludeReference is on without a key: only the diagnostics page of this process opens its references, until it ends. Set {Key}:ReferenceKey.";

    private readonly PerSecond _rate = new(RefusalReferences.MostPerSecond, time);

    // Made once, so that what was sealed before a reload opens after it.
    private readonly Lazy<ReferenceKey> _processKey = new(ReferenceKey.OfThisProcess);

    /// <summary>The key as it is written, in the options or in its file; null or empty where there is none.</summary>
    public static string? KeyOf(RejectionOptions options, SecretFiles files) =>
        options.ReferenceKeyFile is { Length: > 0 } path ? files.Begin([path])[0].End(out _) : options.ReferenceKey;

    /// <summary>Which setting the key is in.</summary>
    public static string NameOfKey(RejectionOptions options) => options.ReferenceKeyFile is { Length: > 0 } ? nameof(options.ReferenceKeyFile) : nameof(options.ReferenceKey);

    /// <summary>The references of valid options; null where they are off.</summary>
    public RefusalReferences? Plan(RejectionOptions options)
    {
        files.Keep(this, options.ReferenceKeyFile is { Length: > 0 } path ? [path] : []);
        if (options.IncludeReference is not true)
        {
            return null;
        }

        var text = KeyOf(options, files);
        return string.IsNullOrEmpty(text)
            ? new RefusalReferences(_processKey.Value, isOfProcess: true, _rate) { Weaknesses = [WithoutKey] }
            : new RefusalReferences(ReferenceKey.From(text), isOfProcess: false, _rate) { Weaknesses = [.. SecretText.Weaknesses(text).Select(weakness => $"{Key}:{NameOfKey(options)} {weakness}")] };
    }
}
