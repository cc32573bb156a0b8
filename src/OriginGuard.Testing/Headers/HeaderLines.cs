namespace OriginGuard.Testing.Headers;

/// <summary>The header lines of one request in their order, while the load balancer works on them.</summary>
internal sealed class HeaderLines(IEnumerable<KeyValuePair<string, string>> lines)
{
    // Google's own X-Forwarded-For is joined by a comma without a blank; nothing says that other fields are joined differently.
    private const char Separator = ',';

    private List<KeyValuePair<string, string>> _lines = [.. lines];

    public IEnumerable<string> Values(string name) => _lines.Where(line => IsNamed(line, name)).Select(line => line.Value);

    public void Add(string name, string value) => _lines.Add(new(name, value));

    public void Remove(string name) => _lines.RemoveAll(line => IsNamed(line, name));

    public void Remove(Predicate<string> isUnwanted) => _lines.RemoveAll(line => isUnwanted(line.Key));

    /// <summary>Puts one line in the place of all lines of that name.</summary>
    public void Replace(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Makes one line of all lines of that name and the given values, old ones first.</summary>
    public void Extend(string name, params IEnumerable<string> values) =>
        Replace(name, string.Join(Separator, [.. Values(name).ToArray(), .. values]));

    /// <summary>Makes one line of each repeated field whose values form a list. It stands where the field's first line stood.</summary>
    public void Coalesce(bool mergeUnknown) =>
        _lines = [.. _lines.GroupBy(line => line.Key, StringComparer.OrdinalIgnoreCase).SelectMany(
            field => HeaderNames.IsList(field.Key) ?? mergeUnknown
                ? [new(field.Key, string.Join(Separator, field.Select(line => line.Value)))]
                : field.AsEnumerable())];

    public KeyValuePair<string, string>[] ToArray(Func<string, string> spell) =>
        [.. _lines.Select(line => new KeyValuePair<string, string>(spell(line.Key), line.Value))];

    private static bool IsNamed(KeyValuePair<string, string> line, string name) => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
