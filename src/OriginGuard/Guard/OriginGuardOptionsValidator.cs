using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OriginGuard.Configuration;
using OriginGuard.Connections;
using OriginGuard.Dns;
using OriginGuard.Exemptions;
using OriginGuard.ForeignText;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;

namespace OriginGuard.Guard;

/// <summary>Gathers every mistake before it speaks, so that an operator corrects them in one go.</summary>
internal sealed class OriginGuardOptionsValidator(
    SecretFiles secretFiles, GuardedListeners listeners, IConfiguration? configuration = null) : IValidateOptions<OriginGuardOptions>
{
    private const string Root = OriginGuardOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, OriginGuardOptions options)
    {
        List<string> mistakes = [.. options.Reading.Mistakes];
        Require.Defined(options.Mode, $"{Root}:Mode", mistakes);
        Require.Defined(options.Platform, $"{Root}:Platform", mistakes);
        SourceAddressRules.Validate(options.SourceAddress, $"{Root}:SourceAddress", options.Reading, mistakes);
        DnsRules.Validate(options.Dns, $"{Root}:Dns", options.Reading, mistakes);
        SharedSecretRules.Validate(options.SharedSecret, secretFiles, $"{Root}:SharedSecret", options.Reading, mistakes);
        IapOptionsRules.Validate(options.Iap, $"{Root}:Iap", mistakes, options.Reading);
        Require.Between(options.ClientAddress.Position ?? 2, 1, 32, $"{Root}:ClientAddress:Position", mistakes);
        Require.Between(options.Rejection.StatusCode, 400, 499, $"{Root}:Rejection:StatusCode", mistakes);
        ValidateExemptions(options, mistakes);
        ValidatePlatform(options, mistakes);
        ValidateSection(options, nameof(options.SharedSecret), options.SharedSecret.IsConfigured, options.SharedSecret.Mode, "Secrets or SecretFiles", mistakes);
        ValidateSection(options, nameof(options.Iap), options.Iap.IsConfigured, options.Iap.Mode, "Audiences or ProjectNumber", mistakes);
        if (listeners.Any)
        {
            ConnectionGuardRules.Validate(options, mistakes);
        }

        if (mistakes.Count == 0)
        {
            ValidateLayers(options, mistakes);
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void ValidateExemptions(OriginGuardOptions options, List<string> mistakes)
    {
        for (var i = 0; i < options.Exemptions.Length; i++)
        {
            var key = options.Reading.Element($"{Root}:Exemptions", i);
            NetworkRules.Validate(
                options.Exemptions[i].Networks, $"{key}:Networks", "Name the networks that the probes come from, or leave Networks out if the path is for everybody.", options.Reading, mistakes);
            if (!ExemptPath.IsValid(options.Exemptions[i].Path))
            {
                mistakes.Add(
                    $"{key}:Path is {ShownText.OfName(options.Exemptions[i].Path)}; an exact path that starts with a slash and holds letters, digits and "
                    + "the signs - . _ ~ / is needed. Name the probe's path, such as /healthz.");
            }
        }
    }

    /// <summary>Whoever writes the section means the layer. What it lacks may have been meant for it and stand elsewhere.</summary>
    private static void ValidateSection(OriginGuardOptions options, string name, bool isConfigured, LayerMode mode, string needed, List<string> mistakes)
    {
        var key = $"{Root}:{name}";
        if (!isConfigured && options.Reading.Keys.Contains(key) && options.Mode is not LayerMode.Disabled && mode is not LayerMode.Disabled
            && !mistakes.Exists(mistake => mistake.StartsWith(key, StringComparison.Ordinal)))
        {
            mistakes.Add($"{key} has nothing to check with; {needed} is needed. Add it, remove the section, or set {key}:Mode to Disabled.");
        }
    }

    private void ValidatePlatform(OriginGuardOptions options, List<string> mistakes)
    {
        var source = options.SourceAddress;
        if (options.Mode is LayerMode.Disabled || source.Mode is LayerMode.Disabled)
        {
            return;
        }

        if (options.Platform is OriginPlatform.InternetNegRegional && source is { Networks.Length: 0, RecordNames.Length: 0 })
        {
            mistakes.Add(
                $"{Root}:SourceAddress:Networks is empty; Platform InternetNegRegional needs the reserved addresses of your Cloud NAT, since no record "
                + "lists them. Add them, for example 203.0.113.7/32, or set SourceAddress:Mode to Disabled.");
        }

        if (source.From is PeerAddressSource.ForwardedFor && source.IsConfigured
            && string.Equals(configuration?["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add(
                $"{Root}:SourceAddress:From is ForwardedFor and ASPNETCORE_FORWARDEDHEADERS_ENABLED is true; behind the platform's own "
                + "proxy the switch shows the application an address that the caller wrote. Remove the switch; ClientAddress:Restore does its work.");
        }
    }

    private static void ValidateLayers(OriginGuardOptions options, List<string> mistakes)
    {
        var anyOn = (options.SourceAddress.IsConfigured && options.SourceAddress.Mode is not LayerMode.Disabled)
            || (options.SharedSecret.IsConfigured && options.SharedSecret.Mode is not LayerMode.Disabled)
            || (options.Iap.IsConfigured && options.Iap.Mode is not LayerMode.Disabled);
        if (!anyOn && options.Mode is not LayerMode.Disabled)
        {
            mistakes.Add(
                $"{Root} has no layer that is on; a guard that checks nothing would let everyone in. Configure SourceAddress:RecordNames or Networks, "
                + $"SharedSecret:Secrets or SecretFiles, or Iap:Audiences; or set {Root}:Mode to Disabled.");
        }
    }
}
