using Microsoft.Extensions.Options;

namespace OriginGuard.Configuration;

/// <summary>
/// Refuses options that the framework's binder fills: it merges the lists of several sources, passes over misspelt keys, reads 24:00:00 as 24 days and
/// repeats what it cannot read. There is one reading of the guard's configuration.
/// </summary>
internal sealed class FrameworkBinderRule(
    IEnumerable<IConfigureOptions<OriginGuardOptions>> steps, IEnumerable<IOptionsChangeTokenSource<OriginGuardOptions>> sources) : IValidateOptions<OriginGuardOptions>
{
    private const string Mistake =
        "OriginGuardOptions is bound by the framework's binder (Configure<OriginGuardOptions>(section), Bind or BindConfiguration), which keeps elements of replaced lists and "
        + "passes over misspelt keys. Call AddOriginGuard(section) instead.";

    // Each of the binder's methods registers both, but for code that the compiler generates in its place: that has the second one only.
    private readonly bool _isBound =
        steps.Any(static step => step is ConfigureFromConfigurationOptions<OriginGuardOptions> or NamedConfigureFromConfigurationOptions<OriginGuardOptions> { Name: null or "" })
        || sources.Any(static source => source is ConfigurationChangeTokenSource<OriginGuardOptions> { Name: null or "" });

    public ValidateOptionsResult Validate(string? name, OriginGuardOptions options) =>
        _isBound ? ValidateOptionsResult.Fail(Mistake) : ValidateOptionsResult.Success;
}
