using System.Buffers.Binary;
using System.Text;

namespace OriginGuard.Benchmarks.Dns;

/// <summary>Writes an answer to a TXT question.</summary>
internal sealed class TxtResponseMessage
{
    public const int Question = 12;

    private const ushort Text = 16;
    private const ushort Alias = 5;
    private const ushort Internet = 1;
    private const uint TimeToLive = 300;
    private const int AnswerCount = 6;

    private readonly List<byte> _octets = [0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    private ushort _answers;

    public TxtResponseMessage(params string[] name)
    {
        WriteName(name);
        Write(Text);
        Write(Internet);
    }

    public int Length => _octets.Count;

    /// <summary>Strings of 255 characters, as many as the text needs.</summary>
    public void AddText(string text, int owner = Question)
    {
        byte[] data = [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part])];
        AddRecord(owner, Text, data.Length);
        _octets.AddRange(data);
    }

    /// <returns>Where the name stands that it is an alias of.</returns>
    public int AddAlias(int owner, params string[] target)
    {
        AddRecord(owner, Alias, target.Sum(label => label.Length + 1) + 1);
        var at = _octets.Count;
        WriteName(target);
        return at;
    }

    public void AddAlias(int owner, int target)
    {
        AddRecord(owner, Alias, 2);
        Write((ushort)(0xC000 | target));
    }

    public byte[] ToArray()
    {
        byte[] message = [.. _octets];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(AnswerCount), _answers);
        return message;
    }

    private void AddRecord(int owner, ushort type, int length)
    {
        _answers++;
        Write((ushort)(0xC000 | owner));
        Write(type);
        Write(Internet);
        Write((ushort)(TimeToLive >> 16));
        Write((ushort)TimeToLive);
        Write((ushort)length);
    }

    private void WriteName(string[] labels)
    {
        foreach (var label in labels)
        {
            _octets.Add((byte)label.Length);
            _octets.AddRange(Encoding.ASCII.GetBytes(label));
        }

        _octets.Add(0);
    }

    private void Write(ushort number)
    {
        _octets.Add((byte)(number >> 8));
        _octets.Add((byte)number);
    }
}
