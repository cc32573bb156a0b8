using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Dns;

/// <summary>The section <c>OriginGuard:Dns</c>.</summary>
internal sealed class DnsSection : OptionsSection
{
    private const string Key = $"{Root}:{nameof(OriginGuardOptions.Dns)}";

    public override string Name => nameof(OriginGuardOptions.Dns);

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.Dns));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes) => Validate(options.Dns, options.Reading, mistakes);

    /// <summary>Who answers is another question. One takes the place of the other, when it is the other that was written.</summary>
    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) => name switch
    {
        nameof(DnsOptions.Servers) => next.Dns.HttpsEndpoint is null,
        nameof(DnsOptions.HttpsEndpoint) => next.Dns.Servers.Length == 0 || next.Dns.Servers.SequenceEqual(current.Dns.Servers, StringComparer.Ordinal),
        _ => false,
    };

    private static void Read(ISettings section, DnsOptions options)
    {
        options.Servers = section.Texts(nameof(options.Servers), options.Servers);
        options.HttpsEndpoint = section.Address(nameof(options.HttpsEndpoint), options.HttpsEndpoint);
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.Attempts = section.Integer(nameof(options.Attempts), options.Attempts);
    }

    private static void Validate(DnsOptions options, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Between(options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), $"{Key}:Timeout", mistakes);
        Require.Between(options.Attempts, 1, 20, $"{Key}:Attempts", mistakes);
        if (options.HttpsEndpoint is { } endpoint)
        {
            Require.SecureAddress(endpoint, $"{Key}:HttpsEndpoint", mistakes);
        }

        for (var i = 0; i < options.Servers.Length; i++)
        {
            if (!NameServers.TryParse(options.Servers[i], out _))
            {
                mistakes.Add(
                    $"{reading.Element($"{Key}:Servers", i)} is {ShownText.OfName(options.Servers[i])}; an address or address:port is needed. Write 8.8.8.8, 127.0.0.1:5353 or [2001:4860:4860::8888]:53.");
            }
        }
    }
}
