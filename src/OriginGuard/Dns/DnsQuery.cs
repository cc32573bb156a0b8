using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OriginGuard.Dns;

/// <summary>A question on its way, and what an answer must repeat to be believed.</summary>
internal sealed class DnsQuery
{
    private readonly ushort _id;

    private DnsQuery(ushort id, DnsName name, bool edns)
    {
        _id = id;
        HasEdns = edns;
        Message = DnsMessageWriter.WriteTxtQuery(id, name, edns);
    }

    public byte[] Message { get; }

    public bool HasEdns { get; }

    // The case of the name is not randomised (draft-vixie-dnsext-dns0x20). Id and source port are: together some 31 bits, against which
    // UdpTransport allows 32 guesses, and it is asked only where TCP has failed. What the case would add is paid for by servers and forwarders
    // that look names up as they are spelt, and to them the ranges would be lost for good.
    public static DnsQuery Create(DnsName name, bool edns)
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return new DnsQuery(BinaryPrimitives.ReadUInt16BigEndian(id), name, edns);
    }

    // RFC 8484, section 4.1: the exchange itself ties answer to question, and id 0 lets HTTP caches work.
    public static DnsQuery CreateForHttps(DnsName name, bool edns) => new(0, name, edns);

    /// <summary>Whether the message claims to answer this question: its id, its kind and its question are right.</summary>
    public bool IsAnsweredBy(ReadOnlySpan<byte> message)
    {
        var reader = new DnsMessageReader(message);
        if (!reader.TryReadHeader(out var header) || header.Id != _id || !header.IsResponse || !header.IsStandardQuery)
        {
            return false;
        }

        // A server that could not read the question may leave it out of its answer.
        if (header.Questions == 0)
        {
            return RefusesFormat(header.Code);
        }

        return header.Questions == 1
            && reader.TryReadQuestion(out var name, out var type, out var @class)
            && type == DnsConstants.TypeTxt
            && @class == DnsConstants.ClassInternet
            && DnsLabels.SameName(reader.Labels(name), new DnsLabels(Message, DnsConstants.HeaderLength));
    }

    /// <summary>Whether the server stumbles over EDNS, so that the question is worth asking without it (RFC 6891, section 6.2.2).</summary>
    public bool IsRefusedForEdns(ReadOnlySpan<byte> answer) =>
        HasEdns && new DnsMessageReader(answer).TryReadHeader(out var header) && RefusesFormat(header.Code);

    private static bool RefusesFormat(DnsResponseCode code) => code is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented;
}
