using System.Buffers.Binary;
using System.Text;

namespace OriginGuard.Testing.Dns;

/// <summary>An answer under construction. What is wrong with it is the caller's choice.</summary>
internal sealed class DnsResponse
{
    /// <summary>Over TCP its length goes before a message, in two octets (RFC 1035, section 4.2.2).</summary>
    public const int MaxLength = ushort.MaxValue;

    private const int HeaderLength = 12;
    private const int TypeAndClassLength = 4;
    private const int RecordHeadLength = 12; // with a pointer to the question as its owner
    private const int OptLength = 11;
    private const ushort ResponseAndRecursionDesired = 0x8100;
    private const ushort AuthoritativeAndRecursionAvailable = 0x0480;
    private const ushort TruncatedFlag = 0x0200;
    public const ushort TxtType = 16;
    private const ushort CnameType = 5;
    private const ushort OptType = 41;
    private const ushort InternetClass = 1;

    private readonly List<(byte[] Owner, ushort Type, uint TimeToLive, byte[] Data)> _records = [];

    public DnsResponse(DnsRequest request)
    {
        Id = request.Id;
        Question = request.Question;
        HasOpt = request.PayloadSize is not null;
    }

    public ushort Id { get; set; }

    /// <summary>The question section; empty leaves it out.</summary>
    public byte[] Question { get; set; }

    public int Code { get; set; }

    public bool IsTruncated { get; set; }

    public bool HasOpt { get; set; }

    /// <summary>Neither authority nor recursion: a referral to somebody else.</summary>
    public bool IsReferral { get; set; }

    public static byte[] EncodeName(string name)
    {
        using var wire = new MemoryStream();
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!DnsName.IsLabel(label))
            {
                throw new ArgumentException("A label has at most 63 characters, all of ISO 8859-1.", nameof(name));
            }

            wire.WriteByte((byte)label.Length);
            wire.Write(Encoding.Latin1.GetBytes(label));
        }

        wire.WriteByte(0);
        return wire.ToArray();
    }

    /// <summary>How long the answer is that has such records for a name, to a client that sends OPT.</summary>
    public static int LengthOf(string name, IEnumerable<byte[]> data) =>
        HeaderLength + EncodeName(name).Length + TypeAndClassLength + OptLength + data.Sum(static record => RecordHeadLength + record.Length);

    /// <summary>Adds a TXT record. Without an owner it is that of the name asked for: a pointer to the question.</summary>
    public void AddTxt(string? owner, TimeSpan timeToLive, byte[] data) =>
        _records.Add((EncodeOwner(owner), TxtType, (uint)timeToLive.TotalSeconds, data));

    public void AddAlias(string? owner, TimeSpan timeToLive, string target) =>
        _records.Add((EncodeOwner(owner), CnameType, (uint)timeToLive.TotalSeconds, EncodeName(target)));

    public byte[] Encode()
    {
        using var message = new MemoryStream();
        Write(message, Id);
        Write(message, (ushort)(ResponseAndRecursionDesired
            | (IsReferral ? 0 : AuthoritativeAndRecursionAvailable) | (IsTruncated ? TruncatedFlag : 0) | Code));
        Write(message, (ushort)(Question.Length > 0 ? 1 : 0));
        Write(message, (ushort)_records.Count);
        Write(message, 0);
        Write(message, (ushort)(HasOpt ? 1 : 0));
        message.Write(Question);
        foreach (var (owner, type, timeToLive, data) in _records)
        {
            WriteRecord(message, owner, type, InternetClass, timeToLive, data);
        }

        if (HasOpt)
        {
            WriteRecord(message, [0], OptType, 1232, 0, []);
        }

        return message.Length <= MaxLength
            ? message.ToArray()
            : throw new InvalidOperationException($"An answer with its aliases takes {message.Length} octets; a DNS message has at most {MaxLength}. Set fewer records, or a shorter chain.");
    }

    private static byte[] EncodeOwner(string? owner) => owner is null ? [0xC0, 12] : EncodeName(owner);

    private static void WriteRecord(MemoryStream message, byte[] owner, ushort type, ushort @class, uint timeToLive, byte[] data)
    {
        message.Write(owner);
        Write(message, type);
        Write(message, @class);
        Write(message, (ushort)(timeToLive >> 16));
        Write(message, (ushort)timeToLive);
        Write(message, (ushort)data.Length);
        message.Write(data);
    }

    private static void Write(MemoryStream message, ushort value)
    {
        Span<byte> octets = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        message.Write(octets);
    }
}
