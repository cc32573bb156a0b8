using OriginGuard.ForeignText;

namespace OriginGuard.Configuration;

/// <summary>The rules that every room's options share, each with its sentence: setting, value, rule, remedy.</summary>
internal static class Require
{
    public static void Between(int value, int least, int most, string key, ICollection<string> mistakes)
    {
        if (value < least || value > most)
        {
            mistakes.Add($"{key} is {value}; a number from {least} to {most} is needed. Correct it or remove the key to use the default.");
        }
    }

    public static void Between(TimeSpan value, TimeSpan least, TimeSpan most, string key, ICollection<string> mistakes)
    {
        if (value < least || value > most)
        {
            mistakes.Add($"{key} is {value}; a duration from {least} to {most} is needed. Correct it or remove the key to use the default.");
        }
    }

    public static void Defined<T>(T value, string key, ICollection<string> mistakes)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            mistakes.Add($"{key} is {value}; one of {string.Join(", ", Enum.GetNames<T>())} is needed.");
        }
    }

    /// <summary>https, or plain http towards this machine: what decides about admission must not be readable or writable on the way.</summary>
    public static bool IsSecure(Uri uri) => uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    public static void SecureAddress(Uri uri, string key, ICollection<string> mistakes)
    {
        if (uri.IsAbsoluteUri && uri.UserInfo.Length > 0)
        {
            mistakes.Add($"{key} holds a user name or password; an address without one is needed. Take it out.");
        }
        else if (!IsSecure(uri))
        {
            mistakes.Add($"{key} is {ShownText.Of(uri)}; an https address is needed, or plain http towards loopback. Correct it or remove the key to use the default.");
        }
    }
}
