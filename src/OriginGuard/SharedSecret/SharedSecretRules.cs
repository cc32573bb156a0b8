using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.SharedSecret;

/// <summary>What <see cref="SharedSecretOptions"/> must be, each mistake with setting, rule and remedy, and never with a secret.</summary>
internal static class SharedSecretRules
{
    private const string Remedy =
        "Make one from 32 random bytes in base64url, and put the same value into the backend service's custom request header.";

    public static void Validate(SharedSecretOptions options, SecretFiles files, string key, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Defined(options.Mode, $"{key}:Mode", mistakes);
        if (HeaderNameRules.Problem(options.HeaderName) is { } nameProblem)
        {
            mistakes.Add($"{key}:HeaderName is {ShownText.Hidden(options.HeaderName ?? "")}; {nameProblem}. Use the default X-Origin-Guard, or another X- name of your own.");
        }

        for (var i = 0; i < options.Secrets.Length; i++)
        {
            if (SecretText.Problem(options.Secrets[i]) is { } problem)
            {
                mistakes.Add($"{reading.Element($"{key}:Secrets", i)} {problem}. {Remedy}");
            }
        }

        var readings = files.Begin(options.SecretFiles);
        for (var i = 0; i < readings.Length; i++)
        {
            if (readings[i].End(out var problem) is null && problem is not null)
            {
                mistakes.Add(Describe(reading.Element($"{key}:SecretFiles", i), options.SecretFiles[i], problem));
            }
        }
    }

    private static string Describe(string key, string path, SecretFileProblem problem) => (problem.IsThere ? Path.GetFullPath(path) : SecretPath.Show(path)) is { } shown
        ? $"{key} (\"{shown}\") {problem.What}. {problem.Remedy}"
        : $"{key} is no path of a file that can be read; it is not shown, because it may be a secret. Name a file that holds the secret, or put the secret into Secrets.";
}
