using System.Buffers;
using OriginGuard.ForeignText;

namespace OriginGuard.Iap;

/// <summary>
/// The forms of <c>aud</c> that Google documents or is known to issue. They decide with a project number only: an exact audience needs no form, since
/// Google adds some.
/// </summary>
internal static class IapAudience
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    /// <summary>
    /// Whether the audience is an IAP resource of the project: its number as a whole segment of a known form, never a substring.
    /// </summary>
    public static bool BelongsTo(string audience, string projectNumber)
    {
        var segments = audience.Split('/');
        return segments is ["", "projects", var project, .. var resource]
            && string.Equals(project, projectNumber, StringComparison.Ordinal)
            && IsKnown(resource);
    }

    /// <summary>Whether it looks like an audience that IAP issues.</summary>
    public static bool HasKnownForm(string audience) =>
        audience.Split('/') is ["", "projects", var project, .. var resource] && IsNumber(project) && IsKnown(resource);

    /// <summary>Whether it is the id of an OAuth client, which IAP never writes into <c>aud</c>.</summary>
    public static bool IsOAuthClient(string audience) => audience.EndsWith(".apps.googleusercontent.com", StringComparison.Ordinal);

    /// <summary>As it stands in a message: whole when it has a form that no secret has.</summary>
    public static string Shown(string audience) => HasKnownForm(audience) || IsOAuthClient(audience) || ShownText.IsPlain(audience) ? PrintableText.From(audience) : ShownText.Of(audience);

    private static bool IsKnown(string[] resource) => resource switch
    {
        ["apps", var id] => IsName(id),
        ["locations", var region, "services", var name] => IsName(region) && IsName(name),
        ["regions", var region, "backendServices", var id] => IsName(region) && IsNumber(id),
        [var regionOrGlobal, "backendServices", var id] => IsName(regionOrGlobal) && IsNumber(id),
        _ => false,
    };

    private static bool IsName(string segment) => segment.Length > 0 && !segment.AsSpan().ContainsAnyExcept(NameCharacters);

    private static bool IsNumber(string segment) => segment.Length > 0 && !segment.AsSpan().ContainsAnyExceptInRange('0', '9');
}
