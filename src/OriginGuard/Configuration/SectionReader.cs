using System.Globalization;
using System.Net;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>
/// Reads the keys of one section into options. The framework's binder appends to default arrays, merges the lists of several sources, knows no
/// <see cref="IPNetwork"/>, stops at the first value that does not parse and says nothing of a misspelt key: a guard must do none of these.
/// </summary>
/// <param name="section">What the sources say.</param>
/// <param name="key">The full name of the section, for messages and notes.</param>
/// <param name="notes">Receives what is found beside the values.</param>
/// <param name="isSecret">Whether what stands here may be a secret, so that no message repeats it.</param>
internal sealed class SectionReader(SettingsSection section, string key, ReadingNotes notes, bool isSecret = false) : ISettings
{
    private readonly bool _isSecret = isSecret;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    // The framework's shape of a parser that does not throw.
    private delegate bool TextParser<T>(string text, out T? value);

    public void Section(string name, Action<ISettings> read, bool isSecret = false)
    {
        var below = Find(name);
        if (below.Exists)
        {
            notes.Keys.Add($"{key}:{name}");
        }

        var reader = new SectionReader(below, $"{key}:{name}", notes, isSecret || _isSecret);
        read(reader);
        reader.RefuseUnknownKeys();
    }

    public T Enumeration<T>(string name, T current)
        where T : struct, Enum =>
        Value(name, current, TryParseName, OneOf<T>());

    public T? OptionalEnumeration<T>(string name, T? current)
        where T : struct, Enum =>
        Value(name, current, static (string text, out T? value) =>
        {
            var parsed = TryParseName<T>(text, out var found);
            value = found;
            return parsed;
        }, OneOf<T>());

    public bool Boolean(string name, bool current) => Value(name, current, bool.TryParse, "true or false is needed");

    public bool? OptionalBoolean(string name, bool? current) => Value(name, current, static (string text, out bool? value) =>
    {
        var parsed = bool.TryParse(text, out var found);
        value = found;
        return parsed;
    }, "true or false is needed");

    public int Integer(string name, int current) => Value(name, current, TryParseInteger, "a whole number is needed");

    public int? OptionalInteger(string name, int? current) => Value(name, current, static (string text, out int? value) =>
    {
        var parsed = TryParseInteger(text, out var found);
        value = found;
        return parsed;
    }, "a whole number is needed");

    public TimeSpan Duration(string name, TimeSpan current)
    {
        if (Text(name) is not { } text)
        {
            return current;
        }

        if (DurationText.OfTwoParts(text) is var (hours, minutes))
        {
            notes.Mistakes.Add($"{key}:{name} is {Show(text)}; with two parts it could be either of two durations. Write {hours:c} for hours and minutes, or {minutes:c} for minutes and seconds.");
            return current;
        }

        if (DurationText.InHours(text) is { } meant)
        {
            notes.Mistakes.Add($"{key}:{name} is {Show(text)}; hours go from 0 to 23, and more would be read as days. Write {meant:c} for {ShownText.Count((long)meant.TotalHours, "hour")}.");
            return current;
        }

        return Parse($"{key}:{name}", text, current, DurationText.TryParse, DurationText.Rule);
    }

    public string? String(string name, string? current) => Text(name) ?? current;

    public Uri? Address(string name, Uri? current)
    {
        if (Text(name) is not { } text)
        {
            return current;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return address;
        }

        // Not even a short one: an address may hold a password.
        notes.Mistakes.Add($"{key}:{name} is {ShownText.Hidden(text)}; an absolute address such as https://host/path is needed. Correct the value or remove the key to use the default.");
        return current;
    }

    /// <summary>A list: what the last source that has it gives replaces what was there; one empty text means none.</summary>
    public string[] Texts(string name, string[] current) => Elements(name) is { } list
        ? [.. list.Keys.Select(element => list.Section.Section(element).Value ?? "")]
        : current;

    public IPNetwork[] Networks(string name, IPNetwork[] current, string? ifNull) => Elements(name, ifNull: ifNull) is { } list
        ? [.. list.Keys.Select((element, index) => Parse(
            notes.Element($"{key}:{name}", index), list.Section.Section(element).Value ?? "", default(IPNetwork), StrictNetwork.TryParse, StrictNetwork.Rule, isName: true))]
        : current;

    public T[] Objects<T>(string name, T[] current, Action<ISettings, T> read)
        where T : new() => Elements(name, areObjects: true) is { } list
        ? [.. list.Keys.Select((element, index) => Object(new SectionReader(list.Section.Section(element), notes.Element($"{key}:{name}", index), notes, _isSecret), read))]
        : current;

    /// <summary>Ends the reading: a key that nobody asked for is misspelt, and what it was meant to protect would stay open.</summary>
    public void RefuseUnknownKeys()
    {
        var settings = string.Join(", ", _known.Order(StringComparer.Ordinal));
        if (section.Value is { Length: > 0 })
        {
            notes.Mistakes.Add($"{key} is one text; settings below it are needed. Write {key}:{_known.Order(StringComparer.Ordinal).First()} and so on.");
        }

        foreach (var unknown in section.ChildKeys.Where(child => !_known.Contains(child)))
        {
            var meant = Likeness.Find(unknown, _known);
            var shown = _isSecret ? null : meant is null ? ShownText.Key(unknown) : PrintableText.From(unknown);
            var what = shown is null ? $"{key} has a key of {ShownText.Count(unknown.Length, "character")} that is not a setting" : $"{key}:{shown} is not a setting";
            notes.Mistakes.Add($"{what}{(meant is null ? "" : $"; it looks like {meant}")}. Settings here are {settings}; correct the name or remove it.");
        }
    }

    private static T Object<T>(SectionReader reader, Action<ISettings, T> read)
        where T : new()
    {
        var item = new T();
        read(reader, item);
        reader.RefuseUnknownKeys();
        return item;
    }

    private WrittenList? Elements(string name, bool areObjects = false, string? ifNull = null)
    {
        var full = $"{key}:{name}";
        var list = Find(name).List();
        if (list is null)
        {
            if (ifNull is not null && Find(name).Exists)
            {
                notes.Mistakes.Add($"{full} is null; {ifNull}. Write the list, or an empty one if that is meant.");
            }

            return null;
        }

        notes.Give(full, list.Rank);
        notes.Keys.UnionWith(list.Keys.Select(element => $"{full}:{element}"));
        notes.NameElements(full, list.Keys.Select(static element => ShownText.Key(element) ?? $"({ShownText.Count(element.Length, "character")})"));
        if (ListRules.Problem(list, Find(name), full, areObjects) is not { } problem)
        {
            return list;
        }

        notes.Mistakes.Add(problem);
        return null;
    }

    private T Value<T>(string name, T current, TextParser<T> tryParse, string rule) =>
        Text(name) is not { } text ? current : Parse($"{key}:{name}", text, current, tryParse, rule);

    private string? Text(string name)
    {
        var setting = Find(name);
        if (setting.ChildKeys.Length > 0)
        {
            notes.Mistakes.Add($"{key}:{name} has settings below it; one value is needed. Remove what stands below it.");
        }

        var (text, rank) = setting.Given;
        if (text is not null)
        {
            notes.Give($"{key}:{name}", rank);
        }

        return text;
    }

    private SettingsSection Find(string name)
    {
        _known.Add(name);
        return section.Section(name);
    }

    private T Parse<T>(string fullKey, string text, T current, TextParser<T> tryParse, string rule, bool isName = false)
    {
        if (tryParse(text.Trim(), out var value))
        {
            return value!;
        }

        notes.Mistakes.Add($"{fullKey} is {Show(text, isName)}; {rule}. Correct the value or remove the key to use the default.");
        return current;
    }

    private string Show(string text, bool isName = false) => _isSecret ? ShownText.Hidden(text) : isName ? ShownText.OfName(text) : ShownText.Of(text);

    private static string OneOf<T>()
        where T : struct, Enum =>
        $"one of {string.Join(", ", Enum.GetNames<T>())} is needed";

    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum =>
        // Names only: the framework would take any number for an enum, 7 and -1 included.
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool TryParseInteger(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
