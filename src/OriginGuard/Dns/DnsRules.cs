using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Dns;

/// <summary>What <see cref="DnsOptions"/> must be, each mistake with setting, value, rule and remedy.</summary>
internal static class DnsRules
{
    public static void Validate(DnsOptions options, string key, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Between(options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), $"{key}:Timeout", mistakes);
        Require.Between(options.Attempts, 1, 20, $"{key}:Attempts", mistakes);
        if (options.HttpsEndpoint is { } endpoint)
        {
            Require.SecureAddress(endpoint, $"{key}:HttpsEndpoint", mistakes);
        }

        for (var i = 0; i < options.Servers.Length; i++)
        {
            if (!NameServers.TryParse(options.Servers[i], out _))
            {
                mistakes.Add(
                    $"{reading.Element($"{key}:Servers", i)} is {ShownText.OfName(options.Servers[i])}; an address or address:port is needed. Write 8.8.8.8, 127.0.0.1:5353 or [2001:4860:4860::8888]:53.");
            }
        }
    }
}
