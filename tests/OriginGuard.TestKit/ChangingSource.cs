using Microsoft.Extensions.Configuration;

namespace OriginGuard.TestKit;

/// <summary>A source of configuration that says something else when the test wants it to: keys come and go, as they do with a file or a store.</summary>
public sealed class ChangingSource : ConfigurationProvider, IConfigurationSource
{
    public ChangingSource(IDictionary<string, string?> settings) => Data = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Says something else from now on, and raises the change.</summary>
    public void Become(IDictionary<string, string?> settings)
    {
        Data = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase);
        OnReload();
    }

    /// <summary>Takes keys of the guard away, with all that stands below them, and sets others.</summary>
    public void Change(string[] without, params (string Key, string? Value)[] with)
    {
        var next = Data.Where(setting => !without.Any(key => IsAtOrBelow(setting.Key, $"OriginGuard:{key}"))).ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in with)
        {
            next[$"OriginGuard:{key}"] = value;
        }

        Become(next);
    }

    private static bool IsAtOrBelow(string key, string above) =>
        key.Equals(above, StringComparison.OrdinalIgnoreCase) || key.StartsWith($"{above}:", StringComparison.OrdinalIgnoreCase);
}
