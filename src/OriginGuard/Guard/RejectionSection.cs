using OriginGuard.Configuration;
using OriginGuard.References;
using OriginGuard.SharedSecret;

namespace OriginGuard.Guard;

/// <summary>The section <c>OriginGuard:Rejection</c>. No message of it holds the key.</summary>
internal sealed class RejectionSection(SecretFiles files) : OptionsSection
{
    private const string Key = $"{Root}:{nameof(OriginGuardOptions.Rejection)}";

    public override string Name => nameof(OriginGuardOptions.Rejection);

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.Rejection));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes)
    {
        var rejection = options.Rejection;
        Require.Between(rejection.StatusCode, 400, 499, $"{Key}:StatusCode", mistakes);
        ValidateKey(rejection, mistakes);
        if (ReferencePlanner.KeyOf(rejection, files) is { Length: > 0 } key && SecretsOf(options.SharedSecret).Contains(key, StringComparer.Ordinal))
        {
            mistakes.Add($"{Key}:{ReferencePlanner.NameOfKey(rejection)} is one of the shared secrets: whoever configures the load balancer could open the references. Use another. {SecretText.Remedy}");
        }
    }

    private static void Read(ISettings section, RejectionOptions options)
    {
        options.StatusCode = section.Integer(nameof(options.StatusCode), options.StatusCode);
        options.IncludeReason = section.OptionalBoolean(nameof(options.IncludeReason), options.IncludeReason);
        options.IncludeReference = section.OptionalBoolean(nameof(options.IncludeReference), options.IncludeReference);
        options.ReferenceKey = section.String(nameof(options.ReferenceKey), options.ReferenceKey);
        options.ReferenceKeyFile = section.String(nameof(options.ReferenceKeyFile), options.ReferenceKeyFile);
        options.Abort = section.Boolean(nameof(options.Abort), options.Abort);
    }

    /// <summary>Those in files, too; what cannot be read is named with the secrets.</summary>
    private IEnumerable<string> SecretsOf(SharedSecretOptions options) =>
        options.Secrets.Concat(files.Begin(options.SecretFiles).Select(static reading => reading.End(out _)).OfType<string>());

    private void ValidateKey(RejectionOptions options, ICollection<string> mistakes)
    {
        if (options is { ReferenceKey.Length: > 0, ReferenceKeyFile.Length: > 0 })
        {
            mistakes.Add($"{Key}:ReferenceKey and ReferenceKeyFile are both set; only one can be the key. Remove one of them.");
        }
        else if (options.ReferenceKey is { Length: > 0 } key && SecretText.Problem(key) is { } problem)
        {
            mistakes.Add($"{Key}:ReferenceKey {problem}. {SecretText.Remedy}");
        }
        else if (options.ReferenceKeyFile is { Length: > 0 } path && files.Begin([path])[0].End(out var fault) is null && fault is not null)
        {
            // A key is nothing that the load balancer knows.
            fault = fault.Remedy == SecretFileProblems.Content ? fault with { Remedy = $"The file must hold one key and nothing else. {SecretText.Remedy}" } : fault;
            mistakes.Add(fault.Describe($"{Key}:ReferenceKeyFile", path, "Name a file that holds the key, or put the key into ReferenceKey."));
        }
    }
}
