using OriginGuard.Settings;

namespace OriginGuard.Iap;

/// <summary>Settings of IAP that are valid and that hardly anybody means: a sentence for each, with what to do.</summary>
internal static class WeakIap
{
    public static IEnumerable<string> Find(IapOptions options, string prefix, ReadingNotes reading, bool isDevelopment)
    {
        for (var i = 0; i < options.Audiences.Length; i++)
        {
            var audience = options.Audiences[i];
            if (!IapAudience.HasKnownForm(audience))
            {
                var what = IapAudience.IsOAuthClient(audience)
                    ? "an OAuth client id, which IAP never writes into aud"
                    : "of no form that IAP is known to write into aud";
                yield return $"{reading.Element($"{prefix}:Audiences", i)} ({IapAudience.Shown(audience)}) is {what}: every user may get iap.audience. {IapOptionsRules.WhereToFindTheAudience}";
            }
        }

        if (!isDevelopment && options.KeysUri != new Uri(IapDefaults.KeysAddress))
        {
            yield return $"{prefix}:KeysUri is not the address of Google's keys outside of Development: whoever answers there says who the users are. Leave it out for "
                + $"{IapDefaults.KeysAddress}.";
        }
    }
}
