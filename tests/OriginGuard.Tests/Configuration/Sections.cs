using OriginGuard.Arming;
using OriginGuard.ClientAddress;
using OriginGuard.Configuration;
using OriginGuard.Dns;
using OriginGuard.Exemptions;
using OriginGuard.Guard;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;
using OriginGuard.TestKit;

namespace OriginGuard.Tests.Configuration;

/// <summary>The sections as the guard registers them.</summary>
internal static class Sections
{
    public static OptionsSections All { get; } = new(
    [
        new SourceAddressSection(), new DnsSection(), new SharedSecretSection(new SecretFiles(new ManualTimeProvider())), new IapSection(), new ClientAddressSection(),
        new ExemptionsSection(), new RejectionSection(new SecretFiles(new ManualTimeProvider())), new ArmingSection(),
    ]);
}
