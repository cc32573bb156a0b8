using System.Text;

namespace OriginGuard.Fuzz.Targets;

/// <summary>The answer to a TXT question once more, as slow and as literal as possible: names are copied into texts, records into lists.</summary>
internal sealed class DnsOracle
{
    private const int Most = 16;

    private readonly byte[] _message;
    private readonly List<Record> _answers = [];
    private int _at = 12;
    private int _extendedCode;

    private DnsOracle(byte[] message) => _message = message;

    /// <summary>What the answer says. No texts beside an error; the error of a message that is not well formed is <see cref="TxtError.Malformed"/>.</summary>
    public static (TxtError Error, List<string> Texts, uint Seconds) Read(byte[] message) => new DnsOracle(message).Read();

    /// <summary>Whether the message answers the question for this name, with the id 0.</summary>
    public static bool Answers(byte[] message, string name)
    {
        var oracle = new DnsOracle(message);
        if (message.Length < 12 || oracle.U16(0) != 0 || message[2] >> 3 != 0b10000)
        {
            return false;
        }

        return oracle.U16(4) == 0 ? (message[3] & 15) is 1 or 4
            : oracle.U16(4) == 1 && oracle.Name(12) is var (asked, end) && asked == name && end + 4 <= message.Length && oracle.U16(end) == 16 && oracle.U16(end + 2) == 1;
    }

    private (TxtError Error, List<string> Texts, uint Seconds) Read()
    {
        if (_message.Length < 12 || !SkipQuestions(out var asked) || !ReadSections())
        {
            return (TxtError.Malformed, [], 0);
        }

        return ((_extendedCode * 16) + (_message[3] & 15)) switch
        {
            0 => (_message[2] & 2) != 0 ? (TxtError.Malformed, [], 0) : Follow(asked, uint.MaxValue, 0),
            3 => (TxtError.NameError, [], 0),
            5 => (TxtError.Refused, [], 0),
            _ => (TxtError.ServerFailure, [], 0),
        };
    }

    private bool SkipQuestions(out string? asked)
    {
        asked = Name(12)?.Text;
        for (var i = 0; i < U16(4); i++)
        {
            if (Name(_at) is not var (name, end) || end + 4 > _message.Length)
            {
                return false;
            }

            (asked, _at) = (name, end + 4);
        }

        return true;
    }

    private bool ReadSections()
    {
        var (answers, beforeAdditionals) = (U16(6), U16(6) + U16(8));
        for (var i = 0; i < beforeAdditionals + U16(10); i++)
        {
            if (Name(_at) is not var (owner, end) || end + 10 > _message.Length || end + 10 + U16(end + 8) > _message.Length)
            {
                return false;
            }

            var record = new Record(owner, U16(end), U16(end + 2), ((uint)U16(end + 4) << 16) | (uint)U16(end + 6), end + 10, U16(end + 8));
            _at = record.Data + record.Length;
            if (i < answers)
            {
                _answers.Add(record);
            }

            _extendedCode = i >= beforeAdditionals && record.Type == 41 ? (int)(record.Seconds >> 24) : _extendedCode;
        }

        return true;
    }

    private (TxtError Error, List<string> Texts, uint Seconds) Follow(string? owner, uint seconds, int aliases)
    {
        Record[] own = [.. _answers.Where(record => record.Class == 1 && record.Owner == owner)];
        if (own.FirstOrDefault(static record => record.Type == 5) is { } alias)
        {
            return aliases == Most || Name(alias.Data) is not var (target, end) || end != alias.Data + alias.Length
                ? (TxtError.Malformed, [], 0)
                : Follow(target, Math.Min(seconds, Least(alias)), aliases + 1);
        }

        Record[] texts = [.. own.Where(static record => record.Type == 16)];
        string?[] read = [.. texts.Select(Text)];
        return read.Contains(null) ? (TxtError.Malformed, [], 0)
            : read.Length == 0 ? ((_message[2] & 4) != 0 || (_message[3] & 0x80) != 0 ? TxtError.NoData : TxtError.ServerFailure, [], 0)
            : (TxtError.None, [.. read.OfType<string>()], texts.Aggregate(seconds, static (least, record) => Math.Min(least, Least(record))));
    }

    private string? Text(Record record)
    {
        var text = new StringBuilder();
        var at = record.Data;
        while (at < record.Data + record.Length)
        {
            text.Append(Encoding.Latin1.GetString(_message[(at + 1)..Math.Min(at + 1 + _message[at], _message.Length)]));
            at += 1 + _message[at];
        }

        return record.Length > 0 && at == record.Data + record.Length ? text.ToString() : null;
    }

    /// <summary>The labels of a name, each with a dot behind it and its own dots and backslashes marked, and where the message goes on; null for no name.</summary>
    private (string Text, int End)? Name(int start)
    {
        var text = new StringBuilder();
        var (at, segment, end, octets, pointers) = (start, start, -1, 0, 0);
        while (at < _message.Length)
        {
            var octet = _message[at];
            if (octet >= 0xC0)
            {
                if (at + 1 >= _message.Length || ++pointers > 32 || (U16(at) & 0x3FFF) is not (>= 12 and var target) || target >= segment)
                {
                    return null;
                }

                end = end < 0 ? at + 2 : end;
                at = segment = target;
                continue;
            }

            octets += 1 + octet;
            if (octet > 63 || octets > 255 || at + 1 + octet > _message.Length)
            {
                return null;
            }

            if (octet == 0)
            {
                return (text.ToString(), end < 0 ? at + 1 : end);
            }

            foreach (var character in Encoding.Latin1.GetString(_message, at + 1, octet))
            {
                text.Append(character is '.' or '\\' ? "\\" : "").Append(char.IsAscii(character) ? char.ToLowerInvariant(character) : character);
            }

            text.Append('.');
            at += 1 + octet;
        }

        return null;
    }

    private static uint Least(Record record) => record.Seconds >= 0x8000_0000 ? 0 : record.Seconds;

    private int U16(int at) => (_message[at] * 256) + _message[at + 1];

    private sealed record Record(string Owner, int Type, int Class, uint Seconds, int Data, int Length);
}
