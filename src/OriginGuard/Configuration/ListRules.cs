namespace OriginGuard.Configuration;

/// <summary>
/// What a list of the configuration must be. It is taken whole from the last source that has it: were it merged element by element, as the framework does, a
/// shorter list would keep what it was meant to take away.
/// </summary>
internal static class ListRules
{
    /// <param name="list">The list of the last source that has it.</param>
    /// <param name="place">The same place in all sources.</param>
    /// <param name="key">Its full name.</param>
    /// <param name="areObjects">Whether the elements have settings below them.</param>
    public static string? Problem(WrittenList list, SettingsSection place, string key, bool areObjects)
    {
        if (place.Value is { Length: > 0 } || list.Section.Value is { Length: > 0 })
        {
            return place.ChildKeys.Length > 0
                ? $"{key} is one text beside a list; one of them is needed. Write {key}:0 for the first element, or an empty text for none."
                : $"{key} is one text; a list is needed. Write {key}:0 for its first element, or an empty text for none.";
        }

        if (list.Keys.Length == 0)
        {
            return null;
        }

        if (list.IsNulled)
        {
            return $"{key} is null over a list of an earlier source, which would stay. Write an empty list for none, or remove the key.";
        }

        if (list.HasHole)
        {
            return $"{key} has no element 0, or one in between is missing. A list is taken whole from the last source that has it, and nothing is added to the list of another one. "
                + $"Write all elements there, from {key}:0 on.";
        }

        return list.IsMerged && (areObjects || list.Keys.Length > 1)
            ? $"{key} comes from a configuration whose sources cannot be told apart; an element of a longer list of an earlier source would stay in it unseen. "
                + "Give AddOriginGuard the root, such as builder.Configuration, or a section of it."
            : null;
    }
}
