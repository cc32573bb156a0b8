using OriginGuard.Checks;

namespace OriginGuard.SharedSecret;

/// <summary>What <see cref="SharedSecretOptions"/> must be, each mistake with setting, rule and remedy, and never with a secret.</summary>
internal static class SharedSecretRules
{
    private const string Remedy =
        "Make one from 32 random bytes in base64url, and put the same value into the backend service's custom request header.";

    public static void Validate(SharedSecretOptions options, SecretFiles files, string key, ICollection<string> mistakes)
    {
        Require.Defined(options.Mode, $"{key}:Mode", mistakes);
        if (HeaderNameRules.Problem(options.HeaderName) is { } nameProblem)
        {
            mistakes.Add($"{key}:HeaderName is \"{options.HeaderName}\"; {nameProblem}. Use the default X-Origin-Guard, or another X- name of your own.");
        }

        for (var i = 0; i < options.Secrets.Length; i++)
        {
            if (SecretText.Problem(options.Secrets[i]) is { } problem)
            {
                mistakes.Add($"{key}:Secrets:{i} {problem}. {Remedy}");
            }
        }

        for (var i = 0; i < options.SecretFiles.Length; i++)
        {
            if (files.Read(options.SecretFiles[i], out var problem) is null)
            {
                mistakes.Add($"{key}:SecretFiles:{i} (\"{options.SecretFiles[i]}\") {problem}. Name a readable file that holds one secret. {Remedy}");
            }
        }
    }
}
