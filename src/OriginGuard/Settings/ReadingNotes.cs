namespace OriginGuard.Settings;

/// <summary>What the reading of the configuration found beside the values. Options that code alone sets have none of it.</summary>
internal sealed class ReadingNotes
{
    private readonly Dictionary<string, int> _ranks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> _elements = new(StringComparer.OrdinalIgnoreCase);
    private int _before;

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

    /// <summary>The path of the section that was read; null where nobody has read one.</summary>
    public string? Section { get; set; }

    /// <summary>Another reader begins: what it gives wins over what the ones before it gave.</summary>
    public void BeginReader() => _before += 1 << 16;

    /// <summary>Notes that a source gave a setting.</summary>
    /// <param name="key">Its full name.</param>
    /// <param name="rank">The place of the source: the later it stands, the higher, and the highest wins.</param>
    public void Give(string key, int rank)
    {
        Keys.Add(key);
        _ranks[key] = _before + rank;
    }

    /// <summary>
    /// Whether a setting that was given is given no more, or by an earlier source only. What comes back then is what the later one had replaced: nobody has written
    /// it anew.
    /// </summary>
    public bool HasLost(string key, ReadingNotes before) => before.Keys.Contains(key) && (!Keys.Contains(key) || Rank(key) < before.Rank(key));

    /// <summary>Keeps by which names the elements of a list were written: <c>0</c>, or <c>next</c>.</summary>
    public void NameElements(string list, IEnumerable<string> names) => _elements[list] = [.. names];

    /// <summary>The full name of an element, as whoever wrote it finds it.</summary>
    public string Element(string list, int index) =>
        $"{list}:{(_elements.GetValueOrDefault(list) is { } names && index < names.Length ? names[index] : index)}";

    private int Rank(string key) => _ranks.GetValueOrDefault(key);
}
