using OriginGuard.Testing.Dns;

namespace OriginGuard.Testing;

/// <summary>A TXT record of <see cref="LoopbackDnsServer"/>, with its character-strings set by hand. Immutable.</summary>
public sealed class LoopbackDnsRecord
{
    /// <summary>Makes a record.</summary>
    /// <param name="timeToLive">How long a client may keep it: whole seconds, less than 2^32.</param>
    /// <param name="strings">One or more character-strings of at most 255 characters of ISO 8859-1 each.</param>
    /// <exception cref="ArgumentException">There is no string, or one does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> does not fit.</exception>
    public LoopbackDnsRecord(TimeSpan timeToLive, params string[] strings)
    {
        ArgumentNullException.ThrowIfNull(strings);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive.TotalSeconds, uint.MaxValue);
        TimeToLive = timeToLive;
        Strings = [.. strings];
        Data = TxtData.Encode(strings);
    }

    /// <summary>How long a client may keep the record.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>The character-strings in order.</summary>
    public IReadOnlyList<string> Strings { get; }

    internal byte[] Data { get; }

    /// <summary>A record with one text, cut into as many character-strings as it needs.</summary>
    /// <param name="text">The text, of ISO 8859-1 characters.</param>
    /// <param name="timeToLive">How long a client may keep it.</param>
    public static LoopbackDnsRecord FromText(string text, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] strings = [.. text.Chunk(TxtData.MaxStringLength).Select(part => new string(part))];
        return new LoopbackDnsRecord(timeToLive, strings.Length == 0 ? [text] : strings);
    }

    /// <summary>The strings in quotes, as a zone file would have them.</summary>
    public override string ToString() => string.Join(' ', Strings.Select(text => $"\"{text}\""));
}
