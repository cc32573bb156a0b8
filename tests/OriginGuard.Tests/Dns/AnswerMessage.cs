using System.Text;
using OriginGuard.Dns;

namespace OriginGuard.Tests.Dns;

/// <summary>Writes answers octet by octet, also such as no server sends.</summary>
internal sealed class AnswerMessage
{
    public const ushort ResponseFlags = 0x8180;

    private readonly List<byte> _octets = [];

    /// <summary>Starts with a header that promises the given numbers, whatever follows.</summary>
    public AnswerMessage(
        ushort id = 0, ushort flags = ResponseFlags, int questions = 1, int answers = 1, int authorities = 0, int additionals = 0)
    {
        U16(id).U16(flags).U16(questions).U16(answers).U16(authorities).U16(additionals);
    }

    public int Position => _octets.Count;

    public AnswerMessage U8(int value)
    {
        _octets.Add((byte)value);
        return this;
    }

    public AnswerMessage U16(int value) => U8(value >> 8).U8(value & 0xFF);

    public AnswerMessage Octets(params byte[] octets)
    {
        _octets.AddRange(octets);
        return this;
    }

    public AnswerMessage Name(string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            U8(label.Length).Octets(Encoding.Latin1.GetBytes(label));
        }

        return U8(0);
    }

    public AnswerMessage Pointer(int offset) => U16(0xC000 | offset);

    public AnswerMessage Question(string name = "a.test", int type = 16, int @class = 1) => Name(name).U16(type).U16(@class);

    /// <summary>What follows a record's name: type, class, TTL, length and data.</summary>
    public AnswerMessage Record(int type, uint timeToLive, byte[] data, int @class = 1, int? length = null) =>
        U16(type).U16(@class).U16((int)(timeToLive >> 16)).U16((int)(timeToLive & 0xFFFF)).U16(length ?? data.Length).Octets(data);

    public AnswerMessage Txt(uint timeToLive, params string[] strings) => Record(16, timeToLive, Strings(strings));

    public AnswerMessage Opt(uint timeToLive = 0) => U8(0).Record(41, timeToLive, [], @class: 1232);

    public static byte[] Strings(params string[] strings) =>
        [.. strings.SelectMany(text => (byte[])[(byte)text.Length, .. Encoding.Latin1.GetBytes(text)])];

    public static byte[] EncodedName(string name) => new AnswerMessage().Name(name).ToArray()[12..];

    public byte[] ToArray() => [.. _octets];

    public TxtAnswer Read() => TxtResponseReader.Read(ToArray(), "server");
}
