using System.Globalization;
using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Iap;

/// <summary>The rules of <see cref="IapOptions"/>. Every mistake is reported, not only the first.</summary>
internal static class IapOptionsRules
{
    /// <summary>The remedy for a missing or wrong audience.</summary>
    public const string WhereToFindTheAudience =
        "Copy the audience from \"Get JWT audience code\" on the IAP page of the console, such as "
        + "/projects/123456789/global/backendServices/987654321.";

    private const int MaxAudienceLength = 512;

    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>Adds an error for each mistake: setting, value, rule, remedy.</summary>
    /// <param name="options">What was configured.</param>
    /// <param name="prefix">The path of the section, such as <c>OriginGuard:Iap</c>.</param>
    /// <param name="errors">Receives the errors.</param>
    /// <param name="reading">Knows by which names the elements of lists were written.</param>
    public static void Validate(IapOptions options, string prefix, ICollection<string> errors, ReadingNotes? reading = null)
    {
        if (!Enum.IsDefined(options.Mode))
        {
            errors.Add($"{prefix}:Mode is {options.Mode}; it must be Enforce, ReportOnly or Disabled.");
        }

        ValidateAudiences(options.Audiences, $"{prefix}:Audiences", reading ?? new ReadingNotes(), errors);
        ValidateProjectNumber(options.ProjectNumber, prefix, errors);
        ValidateKeysUri(options.KeysUri, prefix, errors);
        ValidateTimes(options, prefix, errors);
    }

    private static void ValidateAudiences(string?[]? audiences, string list, ReadingNotes reading, ICollection<string> errors)
    {
        if (audiences is null)
        {
            errors.Add($"{list} is null; give a list, which may be empty.");
            return;
        }

        for (var i = 0; i < audiences.Length; i++)
        {
            var audience = audiences[i];
            if (audience is not { Length: > 0 and <= MaxAudienceLength } || audience.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                errors.Add(
                    $"{reading.Element(list, i)} is '{Show(audience)}'; 1 to {MaxAudienceLength} visible ASCII characters "
                    + "without blanks are needed. " + WhereToFindTheAudience);
            }
        }
    }

    private static void ValidateProjectNumber(string? number, string prefix, ICollection<string> errors)
    {
        if (number is not null
            && (number is not { Length: > 0 and <= 20 } || number[0] == '0' || number.AsSpan().ContainsAnyExceptInRange('0', '9')))
        {
            errors.Add(
                $"{prefix}:ProjectNumber is '{Show(number)}'; digits only are allowed, without a leading zero. "
                + "Take the number, not the id, from the project's page in the console.");
        }
    }

    private static void ValidateKeysUri(Uri? uri, string prefix, ICollection<string> errors)
    {
        if (uri is null || !Require.IsSecure(uri) || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            // Not the value as it is: it may hold a password.
            errors.Add(
                $"{prefix}:KeysUri is '{(uri is null ? "null" : ShownText.Of(uri).Trim('"'))}'; an absolute https address without user and fragment is needed, or plain http towards "
                + "loopback. Leave it out for Google's keys.");
        }
    }

    private static void ValidateTimes(IapOptions options, string prefix, ICollection<string> errors)
    {
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > MaxClockSkew)
        {
            errors.Add(Invariant(
                $"{prefix}:ClockSkew is {options.ClockSkew:c}; 00:00:00 to {MaxClockSkew:c} is allowed. Set the machine's clock instead."));
        }

        if (options.MaxTokenLifetime < MinLifetime || options.MaxTokenLifetime > MaxLifetime)
        {
            errors.Add(Invariant(
                $"{prefix}:MaxTokenLifetime is {options.MaxTokenLifetime:c}; {MinLifetime:c} to {MaxLifetime:c} is allowed. ")
                + "Google's assertions live ten minutes.");
        }
    }

    // A short text is no secret at the wrong key, and an audience has a form of its own.
    private static string Show(string? text) =>
        text is not { Length: >= 16 } || text.StartsWith("/projects/", StringComparison.Ordinal) ? PrintableText.From(text) : ShownText.Hidden(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
