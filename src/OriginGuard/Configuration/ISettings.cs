using System.Net;

namespace OriginGuard.Configuration;

/// <summary>
/// The settings of a section, one call for each: takes the value that the options have, and gives back the one that they should have. So each setting is
/// named in one place, whether it is read, compared or listed.
/// </summary>
internal interface ISettings
{
    T Enumeration<T>(string name, T current)
        where T : struct, Enum;

    T? OptionalEnumeration<T>(string name, T? current)
        where T : struct, Enum;

    bool Boolean(string name, bool current);

    bool? OptionalBoolean(string name, bool? current);

    int Integer(string name, int current);

    int? OptionalInteger(string name, int? current);

    TimeSpan Duration(string name, TimeSpan current);

    string? String(string name, string? current);

    Uri? Address(string name, Uri? current);

    string[] Texts(string name, string[] current);

    /// <param name="name">The setting.</param>
    /// <param name="current">What the options have.</param>
    /// <param name="ifNull">What a null would mean, where that is a mistake; elsewhere it leaves what the options have.</param>
    IPNetwork[] Networks(string name, IPNetwork[] current, string? ifNull = null);

    T[] Objects<T>(string name, T[] current, Action<ISettings, T> read)
        where T : new();

    /// <summary>The section of this name. One that is secret holds texts that no message may repeat.</summary>
    void Section(string name, Action<ISettings> read, bool isSecret = false);
}
