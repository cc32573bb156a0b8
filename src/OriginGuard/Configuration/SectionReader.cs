using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>
/// Reads the keys of one section into options. The framework's binder appends to default arrays, knows no <see cref="IPNetwork"/>, stops at
/// the first value that does not parse and says nothing of a misspelt key: a guard must do none of these.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section, IConfigurationRoot? root, string key, ReadingNotes notes)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public SectionReader Section(string name)
    {
        _known.Add(name);
        if (section.GetSection(name).Exists())
        {
            notes.Keys.Add($"{key}:{name}");
        }

        return new SectionReader(section.GetSection(name), root, $"{key}:{name}", notes);
    }

    public T Value<T>(string name, T current, TextParser<T> tryParse, string rule) =>
        Text(name) is not { } text ? current : Parse($"{key}:{name}", text, current, tryParse, rule);

    public T Enumeration<T>(string name, T current)
        where T : struct, Enum =>
        Value(name, current, TryParseName, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public T? OptionalEnumeration<T>(string name, T? current)
        where T : struct, Enum =>
        Value(name, current, static (string text, out T? value) =>
        {
            var parsed = TryParseName<T>(text, out var found);
            value = found;
            return parsed;
        }, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public bool Boolean(string name, bool current) => Value(name, current, bool.TryParse, "true or false");

    public bool? OptionalBoolean(string name, bool? current) =>
        Text(name) is null ? current : Boolean(name, current ?? false);

    public int Integer(string name, int current) => Value(name, current, TryParseInteger, "a whole number");

    public int? OptionalInteger(string name, int? current) => Value(name, current, static (string text, out int? value) =>
    {
        var parsed = TryParseInteger(text, out var found);
        value = found;
        return parsed;
    }, "a whole number");

    public TimeSpan Duration(string name, TimeSpan current) =>
        Value(name, current, TryParseDuration, "a duration such as 00:05:00 (hours:minutes:seconds) or 7.00:00:00 (days first)");

    public string? String(string name, string? current) => Text(name) ?? current;

    public Uri? Address(string name, Uri? current) =>
        Value(name, current, static (string text, out Uri? uri) => Uri.TryCreate(text, UriKind.Absolute, out uri), "an absolute address such as https://host/path");

    /// <summary>An array: what the configuration gives replaces what was there; one empty text means none.</summary>
    public string[] Texts(string name, string[] current) => Elements(name) is { } elements ? [.. elements.Select(element => element.Value ?? "")] : current;

    public IPNetwork[] Networks(string name, IPNetwork[] current) => Elements(name) is { } elements
        ? [.. elements.Select((element, index) => Parse($"{key}:{name}:{index}", element.Value ?? "", default(IPNetwork), IPNetwork.TryParse, "a network such as 192.0.2.0/24, 192.0.2.7/32 for one address, or 2001:db8::/32"))]
        : current;

    public T[] Objects<T>(string name, T[] current, Func<SectionReader, T> read) => Elements(name) is { } elements
        ? [.. elements.Select((element, index) => read(new SectionReader(element, root, $"{key}:{name}:{index}", notes)))]
        : current;

    /// <summary>Ends the reading: a key that nobody asked for is misspelt, and what it was meant to protect would stay open.</summary>
    public void RefuseUnknownKeys()
    {
        if (section.Value is { Length: > 0 })
        {
            notes.Mistakes.Add($"{key} is one text; settings below it are needed. Write {key}:{_known.Order(StringComparer.Ordinal).First()} and so on.");
        }

        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            notes.Mistakes.Add($"{key}:{child.Key} is not a setting. Settings here are {string.Join(", ", _known.Order(StringComparer.Ordinal))}; correct the name or remove it.");
        }
    }

    private List<IConfigurationSection>? Elements(string name)
    {
        var elements = ReadElements(name);
        if (elements is not null)
        {
            notes.Keys.Add($"{key}:{name}");
            notes.Keys.UnionWith(elements.Select(element => $"{key}:{name}:{element.Key}"));
        }

        return elements;
    }

    private List<IConfigurationSection>? ReadElements(string name)
    {
        _known.Add(name);
        var array = section.GetSection(name);
        List<IConfigurationSection> elements = [.. array.GetChildren()];
        if (elements.Count > 0 && array.Value is { Length: > 0 })
        {
            // Two sources, such as a file and the environment. The text would lose without a word.
            notes.Mistakes.Add($"{key}:{name} is one text beside a list; one of them is needed. Write {key}:{name}:0 for the first element, or an empty text for none.");
        }

        if (elements.Count > 0)
        {
            return array.Value is "" && GivenSinceEmptied(array.Path) is { } given ? elements.FindAll(element => given.Contains(element.Key)) : elements;
        }

        if (array.Value is { Length: > 0 })
        {
            notes.Mistakes.Add($"{key}:{name} is one text; a list is needed. Write {key}:{name}:0 for its first element, or an empty text for none.");
        }

        // An empty JSON array and an empty environment variable both arrive as an empty text; a null or absent key keeps the default.
        return array.Value is null ? null : [];
    }

    /// <summary>
    /// The elements that came after an empty text: an environment variable switches off a list in a file, and a later source begins a new one. Null where
    /// the sources cannot be told apart.
    /// </summary>
    private HashSet<string>? GivenSinceEmptied(string path)
    {
        HashSet<string> given = new(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in root?.Providers.Reverse() ?? [])
        {
            given.UnionWith(provider.GetChildKeys([], path));
            if (provider.TryGet(path, out var text) && text is "")
            {
                return given;
            }
        }

        return null;
    }

    private string? Text(string name)
    {
        _known.Add(name);
        if (section.GetSection(name).GetChildren().Any())
        {
            notes.Mistakes.Add($"{key}:{name} has settings below it; one value is needed. Remove what stands below it.");
        }

        if (section[name] is { } text)
        {
            notes.Keys.Add($"{key}:{name}");
            return text;
        }

        return null;
    }

    private T Parse<T>(string fullKey, string text, T current, TextParser<T> tryParse, string rule)
    {
        if (tryParse(text.Trim(), out var value))
        {
            return value!;
        }

        notes.Mistakes.Add($"{fullKey} is \"{Shorten(text)}\"; {rule} is needed. Correct the value or remove the key to use the default.");
        return current;
    }

    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum =>
        // Names only: the framework would take any number for an enum, 7 and -1 included.
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool TryParseInteger(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryParseDuration(string text, out TimeSpan value) =>
        // A lone number would be days, where whoever wrote it meant seconds.
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && text.Contains(':', StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 64), "...");
}
