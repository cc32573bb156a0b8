using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>A place in the configuration as its sources see it. A value comes from the last source that has it, and a list whole from one source.</summary>
internal sealed class SettingsSection(IReadOnlyList<SettingsSource> sources, string path)
{
    public string Path => path;

    /// <summary>Whether a source names this place, if only to say that nothing is there.</summary>
    public bool Exists => sources.Any(source => source.TryGet(path, out _) || source.ChildKeys(path).Any());

    public string? Value => Given.Value;

    /// <summary>The value of the last source that has one, and the rank of that source.</summary>
    public (string? Value, int Rank) Given
    {
        get
        {
            foreach (var source in sources)
            {
                if (source.TryGet(path, out var value))
                {
                    return (value, source.Rank);
                }
            }

            return (null, 0);
        }
    }

    /// <summary>The names of what stands below, each once, numbers in the order of numbers.</summary>
    public string[] ChildKeys =>
        [.. sources.SelectMany(source => source.ChildKeys(path)).Distinct(StringComparer.OrdinalIgnoreCase).Order(ConfigurationKeyComparer.Instance)];

    public SettingsSection Section(string name) => new(sources, SettingsSource.Combine(path, name));

    /// <summary>The list that stands here, as the last source that has one wrote it; null when none has.</summary>
    public WrittenList? List()
    {
        var isNulled = false;
        foreach (var source in sources)
        {
            var alone = new SettingsSection([source], path);
            var keys = alone.ChildKeys;
            var text = alone.Value;
            if (keys.Length > 0 || text is not null)
            {
                return new WrittenList(alone, keys, source.Rank, IsMerged: source.IsMerged, IsNulled: isNulled);
            }

            isNulled |= alone.Exists;
        }

        return null;
    }
}

/// <summary>A list as one source wrote it.</summary>
/// <param name="Section">The list, in that source alone.</param>
/// <param name="Keys">The names of the elements; none for an empty list.</param>
/// <param name="Rank">The place of the source.</param>
/// <param name="IsMerged">Whether the source may be several, whose elements cannot be told apart.</param>
/// <param name="IsNulled">Whether a later source says null.</param>
internal sealed record WrittenList(SettingsSection Section, string[] Keys, int Rank, bool IsMerged, bool IsNulled)
{
    /// <summary>Whether an element before a numbered one is missing: somebody meant to add to the list of another source.</summary>
    public bool HasHole
    {
        get
        {
            HashSet<string> numbers = [.. Keys.Where(static key => key.All(char.IsAsciiDigit))];
            return !Enumerable.Range(0, numbers.Count).All(number => numbers.Contains(number.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
