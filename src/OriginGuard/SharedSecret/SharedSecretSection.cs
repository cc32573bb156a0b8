using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.SharedSecret;

/// <summary>The section <c>OriginGuard:SharedSecret</c>. No message of it holds a secret.</summary>
internal sealed class SharedSecretSection(SecretFiles files) : OptionsSection
{
    private const string Key = $"{Root}:{nameof(OriginGuardOptions.SharedSecret)}";

    private const string Remedy =
        "Make one from 32 random bytes in base64url, and put the same value into the backend service's custom request header.";

    public override string Name => nameof(OriginGuardOptions.SharedSecret);

    public override string Needed => "Secrets or SecretFiles";

    public override ILayerOptions LayerOf(OriginGuardOptions options) => options.SharedSecret;

    public override void Read(ISettings settings, OriginGuardOptions options) =>
        settings.Section(Name, section => Read(section, options.SharedSecret), isSecret: true);

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes) => Validate(options.SharedSecret, options.Reading, mistakes);

    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) => name switch
    {
        // Only in one direction. What code had set before the configuration may be milder than it, and comes back without it.
        nameof(SharedSecretOptions.RemoveHeader) => !next.SharedSecret.RemoveHeader,
        nameof(SharedSecretOptions.Secrets) => next.SharedSecret.Secrets.Except(current.SharedSecret.Secrets, StringComparer.Ordinal).Any(),
        nameof(SharedSecretOptions.SecretFiles) => next.SharedSecret.SecretFiles.Except(current.SharedSecret.SecretFiles, StringComparer.Ordinal).Any(),
        nameof(SharedSecretOptions.SecretFilesInterval) => false,

        // The name of the header: another one is another question.
        _ => true,
    };

    private static void Read(ISettings section, SharedSecretOptions options)
    {
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.HeaderName = section.String(nameof(options.HeaderName), options.HeaderName)!;
        options.Secrets = section.Texts(nameof(options.Secrets), options.Secrets);
        options.SecretFiles = section.Texts(nameof(options.SecretFiles), options.SecretFiles);
        options.SecretFilesInterval = section.Duration(nameof(options.SecretFilesInterval), options.SecretFilesInterval);
        options.RemoveHeader = section.Boolean(nameof(options.RemoveHeader), options.RemoveHeader);
    }

    private void Validate(SharedSecretOptions options, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Defined(options.Mode, $"{Key}:Mode", mistakes);
        if (HeaderNameRules.Problem(options.HeaderName) is { } nameProblem)
        {
            mistakes.Add($"{Key}:HeaderName is {ShownText.Hidden(options.HeaderName ?? "")}; {nameProblem}. Use the default X-Origin-Guard, or another X- name of your own.");
        }

        Require.Between(options.SecretFilesInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), $"{Key}:SecretFilesInterval", mistakes);
        for (var i = 0; i < options.Secrets.Length; i++)
        {
            if (SecretText.Problem(options.Secrets[i]) is { } problem)
            {
                mistakes.Add($"{reading.Element($"{Key}:Secrets", i)} {problem}. {Remedy}");
            }
        }

        var readings = files.Begin(options.SecretFiles);
        for (var i = 0; i < readings.Length; i++)
        {
            if (readings[i].End(out var problem) is null && problem is not null)
            {
                mistakes.Add(problem.Describe(
                    reading.Element($"{Key}:SecretFiles", i), options.SecretFiles[i], "Name a file that holds the secret, or put the secret into Secrets."));
            }
        }
    }
}
