using OriginGuard.Configuration;

namespace OriginGuard.Iap;

/// <summary>The files behind the configuration of an authentication scheme.</summary>
internal sealed class IapSource(string scheme, BrokenFiles files) : IDisposable
{
    public string Scheme => scheme;

    /// <summary>A sentence for each file that cannot be read at the moment: what is left of the configuration says nothing about what is meant.</summary>
    public IReadOnlyList<string> Broken => files.Sentences;

    /// <summary>Calls back when a file breaks, and when one is mended.</summary>
    public void Watch(Action changed) => files.Watch(changed);

    public void Dispose() => files.Dispose();
}
