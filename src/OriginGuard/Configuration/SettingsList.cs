using System.Globalization;
using System.Net;

namespace OriginGuard.Configuration;

/// <summary>
/// The settings with comparable values, by the names of the documentation. For comparison only: secrets are among them. Every option gets back the value that
/// it has.
/// </summary>
internal sealed class SettingsList(string path) : ISettings
{
    private readonly List<(string Key, string? Value)> _settings = [];

    public IReadOnlyList<(string Key, string? Value)> Settings => _settings;

    public T Enumeration<T>(string name, T current)
        where T : struct, Enum => Note(name, current);

    public T? OptionalEnumeration<T>(string name, T? current)
        where T : struct, Enum => Note(name, current);

    public bool Boolean(string name, bool current) => Note(name, current);

    public bool? OptionalBoolean(string name, bool? current) => Note(name, current);

    public int Integer(string name, int current) => Note(name, current);

    public int? OptionalInteger(string name, int? current) => Note(name, current);

    public TimeSpan Duration(string name, TimeSpan current) => Note(name, current);

    public string? String(string name, string? current) => Note(name, current);

    public Uri? Address(string name, Uri? current) => Note(name, current, current?.OriginalString);

    public string[] Texts(string name, string[] current) => Note(name, current, ListOf(current));

    public IPNetwork[] Networks(string name, IPNetwork[] current, string? ifNull) => Note(name, current, ListOf(current));

    public T[] Objects<T>(string name, T[] current, Action<ISettings, T> read)
        where T : new() => Note(name, current, ListOf(current.Select(item => ListOf(ValuesOf(item, read))).ToArray()));

    public void Section(string name, Action<ISettings> read, bool isSecret = false)
    {
        var below = new SettingsList($"{path}:{name}");
        read(below);
        _settings.AddRange(below.Settings);
    }

    private static string[] ValuesOf<T>(T item, Action<ISettings, T> read)
    {
        var list = new SettingsList("");
        read(list, item);
        return [.. list.Settings.Select(static setting => setting.Value ?? "")];
    }

    private static string? Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    // With the length in front: no element can look like two.
    private static string? ListOf<T>(T[]? values) =>
        values is null ? null : string.Concat(values.Select(static value => Text(value) ?? "").Select(static text => $"{text.Length}:{text}"));

    private T Note<T>(string name, T current) => Note(name, current, Text(current));

    private T Note<T>(string name, T current, string? value)
    {
        _settings.Add(($"{path}:{name}", value));
        return current;
    }
}
