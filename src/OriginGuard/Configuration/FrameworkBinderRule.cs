using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OriginGuard.Configuration;

/// <summary>
/// Refuses options that the framework's binder fills: it merges the lists of several sources, passes over misspelt keys, reads 24:00:00 as 24 days and
/// repeats what it cannot read. There is one reading of the guard's configuration.
/// </summary>
/// <param name="steps">What fills options of this type.</param>
/// <param name="sources">What says that they have changed.</param>
/// <param name="instead">What to call in the binder's place.</param>
internal sealed class FrameworkBinderRule<TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> steps, IEnumerable<IOptionsChangeTokenSource<TOptions>> sources, string instead) : IValidateOptions<TOptions>
    where TOptions : class
{
    public static void Register(IServiceCollection services, string instead) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, FrameworkBinderRule<TOptions>>(
            provider => new(provider.GetServices<IConfigureOptions<TOptions>>(), provider.GetServices<IOptionsChangeTokenSource<TOptions>>(), instead)));

    public ValidateOptionsResult Validate(string? name, TOptions options) => IsBound(name ?? Options.DefaultName)
        ? ValidateOptionsResult.Fail(
            $"{typeof(TOptions).Name} is bound by the framework's binder (Configure<{typeof(TOptions).Name}>(section), Bind or BindConfiguration), which keeps elements of replaced lists and "
            + $"passes over misspelt keys. Call {instead} instead.")
        : ValidateOptionsResult.Success;

    /// <summary>Each of the binder's methods registers both, but for code that the compiler generates in its place: that has the second one only.</summary>
    private bool IsBound(string name) =>
        steps.Any(step => step is NamedConfigureFromConfigurationOptions<TOptions> named ? Concerns(named.Name, name) : step is ConfigureFromConfigurationOptions<TOptions> && name.Length == 0)
        || sources.Any(source => source is ConfigurationChangeTokenSource<TOptions> && Concerns(source.Name, name));

    /// <summary>A step without a name concerns all.</summary>
    private static bool Concerns(string? step, string name) => step is null || step == name;
}
