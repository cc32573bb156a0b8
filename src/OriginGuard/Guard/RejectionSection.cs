using OriginGuard.Configuration;

namespace OriginGuard.Guard;

/// <summary>The section <c>OriginGuard:Rejection</c>.</summary>
internal sealed class RejectionSection : OptionsSection
{
    public override string Name => nameof(OriginGuardOptions.Rejection);

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.Rejection));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes) =>
        Require.Between(options.Rejection.StatusCode, 400, 499, $"{Root}:{Name}:StatusCode", mistakes);

    private static void Read(ISettings section, RejectionOptions options)
    {
        options.StatusCode = section.Integer(nameof(options.StatusCode), options.StatusCode);
        options.IncludeReason = section.OptionalBoolean(nameof(options.IncludeReason), options.IncludeReason);
        options.Abort = section.Boolean(nameof(options.Abort), options.Abort);
    }
}
