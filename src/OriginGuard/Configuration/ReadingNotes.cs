namespace OriginGuard.Configuration;

/// <summary>What the reading of the configuration found beside the values. Options that code alone sets have none of it.</summary>
internal sealed class ReadingNotes
{
    /// <summary>What could not be understood; the validator reports it with everything else.</summary>
    public List<string> Mistakes { get; } = [];

    /// <summary>
    /// The settings that a source gave, by their full names and with the sections above them: <c>OriginGuard:SourceAddress</c>,
    /// <c>OriginGuard:SourceAddress:Networks</c> (also when the list is empty), <c>OriginGuard:SourceAddress:Networks:0</c>,
    /// <c>OriginGuard:Exemptions:0:Networks</c>. What is absent here has its default.
    /// </summary>
    public HashSet<string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);
}
