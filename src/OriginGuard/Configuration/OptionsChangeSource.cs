using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Configuration;

/// <summary>Says when the configuration that a reader of ours reads has changed. The framework's own class for it is the mark of its binder.</summary>
internal sealed class OptionsChangeSource<TOptions>(string name, IConfiguration configuration) : IOptionsChangeTokenSource<TOptions>
{
    public string? Name => name;

    public IChangeToken GetChangeToken() => configuration.GetReloadToken();
}
