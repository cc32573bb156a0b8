using OriginGuard.Configuration;

namespace OriginGuard.ClientAddress;

/// <summary>The section <c>OriginGuard:ClientAddress</c>.</summary>
internal sealed class ClientAddressSection : OptionsSection
{
    public override string Name => nameof(OriginGuardOptions.ClientAddress);

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.ClientAddress));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes) =>
        Require.Between(options.ClientAddress.Position ?? 2, 1, 32, $"{Root}:{Name}:Position", mistakes);

    /// <summary>Another position is another client; not to restore him lets nobody in.</summary>
    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) =>
        name is not nameof(ClientAddressOptions.Restore) || next.ClientAddress.Restore;

    private static void Read(ISettings section, ClientAddressOptions options)
    {
        options.Restore = section.Boolean(nameof(options.Restore), options.Restore);
        options.Position = section.OptionalInteger(nameof(options.Position), options.Position);
    }
}
