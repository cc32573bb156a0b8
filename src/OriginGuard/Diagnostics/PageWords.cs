using System.Globalization;
using OriginGuard.Checks;

namespace OriginGuard.Diagnostics;

/// <summary>Times and durations as people read them.</summary>
internal static class PageWords
{
    public static Html At(DateTimeOffset time) => Html.Of(
        $"""<time datetime="{time.ToString("O", CultureInfo.InvariantCulture)}">{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}</time>""");

    /// <summary>A page of the documentation: a link where its address is known.</summary>
    public static Html Link(string page) => Pages.IsAddress ? Html.Of($"""<a href="{page}">{page}</a>""") : Html.Of($"<code>{page}</code>");

    /// <summary>The code of a reason: a link to its section where the address is known.</summary>
    public static Html Reason(string code) => Pages.IsAddress ? Html.Of($"""<a href="{Pages.Of(code)}"><code>{code}</code></a>""") : Html.Of($"<code>{code}</code>");

    /// <summary>The name of a layer.</summary>
    public static string Layer(string layer) => layer switch
    {
        nameof(GuardLayer.SourceAddress) => "Source address",
        nameof(GuardLayer.SharedSecret) => "Shared secret",
        nameof(GuardLayer.Iap) => "IAP assertion",
        _ => layer,
    };

    /// <summary>In the largest unit of which there are two.</summary>
    public static string Duration(long seconds) => seconds switch
    {
        >= 2 * 86_400 => $"{seconds / 86_400} days",
        >= 2 * 3_600 => $"{seconds / 3_600} hours",
        >= 2 * 60 => $"{seconds / 60} minutes",
        1 => "1 second",
        _ => $"{seconds} seconds",
    };
}
