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

    /// <summary>Makes one line of all lines of Cookie, into which HTTP/2 may split it (RFC 9113, 8.2.3).</summary>
    public void JoinCookies()
    {
        if (Values("Cookie").Skip(1).Any())
        {
            var first = _lines.FindIndex(static line => IsNamed(line, "Cookie"));
            var joined = new KeyValuePair<string, string>(_lines[first].Key, string.Join("; ", Values("Cookie")));
            Remove("Cookie");
            _lines.Insert(first, joined);
        }
    }

    /// <exception cref="ArgumentException">A name is no token.</exception>
    public void ThrowIfNoToken(string parameter)
    {
        if (_lines.FindIndex(static line => !CustomHeaderRules.IsToken(line.Key)) is >= 0 and var index)
        {
            throw new ArgumentException($"The name of header line {index + 1} is no token (RFC 9110, 5.6.2): no request with it reaches an origin.", parameter);
        }
    }

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
