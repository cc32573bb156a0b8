using System.Globalization;

namespace OriginGuard.Configuration;

/// <summary>A list as one source wrote it.</summary>
/// <param name="Section">The list, in that source alone.</param>
/// <param name="Keys">The names of the elements; none for an empty list.</param>
/// <param name="Rank">The place of the source.</param>
/// <param name="IsMerged">Whether the source may be several, whose elements cannot be told apart.</param>
/// <param name="IsNulled">Whether a later source says null.</param>
internal sealed record SettingsList(SettingsSection Section, string[] Keys, int Rank, bool IsMerged, bool IsNulled)
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
