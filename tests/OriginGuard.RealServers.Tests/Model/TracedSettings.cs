namespace OriginGuard.RealServers.Tests.Model;

/// <summary>The settings that the model tells apart.</summary>
internal readonly record struct TracedSettings(bool NamesGoogle, bool NamesMore, bool IsLax, bool UsesBuiltIn)
{
    public const string Google = SourceAddressOptions.GoogleRecordName;
    public const string More = "_more.ranges.example";

    public string[] Names => [.. NamesGoogle ? [Google] : Array.Empty<string>(), .. NamesMore ? [More] : Array.Empty<string>()];

    /// <summary>The model's number for them.</summary>
    public int Number => (NamesGoogle ? 1 : 0) | (NamesMore ? 2 : 0) | (IsLax ? 4 : 0) | (UsesBuiltIn ? 8 : 0);
}
