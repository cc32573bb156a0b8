namespace OriginGuard.Checks;

/// <summary>What the reading of the configuration found beside the values. Options that code alone sets have none of it.</summary>
internal sealed class ReadingNotes
{
    private readonly Dictionary<string, string[]> _elements = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What could not be understood; the validator reports it with everything else.</summary>
    public List<string> Mistakes { get; } = [];

    /// <summary>
    /// The settings that a source gave, by their full names and with the sections above them: <c>OriginGuard:SourceAddress</c>,
    /// <c>OriginGuard:SourceAddress:Networks</c> (also when the list is empty), <c>OriginGuard:SourceAddress:Networks:0</c>,
    /// <c>OriginGuard:Exemptions:0:Networks</c>. What is absent here has its default.
    /// </summary>
    public HashSet<string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why nothing of the configuration was read: a sentence, or null when there was a section to read.</summary>
    public string? NothingRead { get; set; }

    /// <summary>Whether a section beside the missing one looks as if it were meant.</summary>
    public bool HasLookAlike { get; set; }

    /// <summary>Keeps by which names the elements of a list were written: <c>0</c>, or <c>next</c>.</summary>
    public void NameElements(string list, IEnumerable<string> names) => _elements[list] = [.. names];

    /// <summary>The full name of an element, as whoever wrote it finds it.</summary>
    public string Element(string list, int index) =>
        $"{list}:{(_elements.GetValueOrDefault(list) is { } names && index < names.Length ? names[index] : index)}";
}
