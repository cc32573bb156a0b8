using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Configuration;

/// <summary>Says when the configuration that the reader reads has changed. The framework's own class for it is the mark of its binder.</summary>
internal sealed class OptionsChangeSource(IConfiguration configuration) : IOptionsChangeTokenSource<OriginGuardOptions>
{
    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => configuration.GetReloadToken();
}
