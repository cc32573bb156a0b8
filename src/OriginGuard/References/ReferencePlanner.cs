using OriginGuard.SharedSecret;
using OriginGuard.Telemetry;

namespace OriginGuard.References;

/// <summary>Makes the references of each configuration, and keeps what outlives it: the rate, and the key for whoever has given none.</summary>
internal sealed class ReferencePlanner(SecretFiles files, TimeProvider time)
{
    private readonly PerSecond _rate = new(RefusalReferences.MostPerSecond, time);

    // Made once, so that what was sealed before a reload opens after it.
    private readonly Lazy<ReferenceKey> _processKey = new(ReferenceKey.OfThisProcess);

    /// <summary>The key as it is written, in the options or in its file; null or empty where there is none.</summary>
    public static string? KeyOf(RejectionOptions options, SecretFiles files) =>
        options.ReferenceKeyFile is { Length: > 0 } path ? files.Begin([path])[0].End(out _) : options.ReferenceKey;

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
            ? new RefusalReferences(_processKey.Value, isOfProcess: true, _rate)
            : new RefusalReferences(ReferenceKey.From(text), isOfProcess: false, _rate);
    }
}
