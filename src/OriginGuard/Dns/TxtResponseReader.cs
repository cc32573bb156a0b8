using System.Text;

namespace OriginGuard.Dns;

/// <summary>Turns the answer to a TXT question into records. Whatever the octets are, the result is a value.</summary>
internal static class TxtResponseReader
{
    // A chain of aliases inside one answer is rarely longer than two or three; what is longer is a mistake or an attack.
    private const int MaxAliases = 16;

    /// <summary>Reads a message that <see cref="DnsQuery.IsAnsweredBy"/> has accepted.</summary>
    public static TxtAnswer Read(ReadOnlySpan<byte> message, string server)
    {
        var reader = new DnsMessageReader(message);
        if (!reader.TryReadHeader(out var header) || !TrySkipQuestions(ref reader, header.Questions, out var name))
        {
            return Malformed(server);
        }

        var answers = reader;
        if (!TryReadThrough(ref reader, header, out var extendedCode))
        {
            return Malformed(server);
        }

        var code = (extendedCode << 4) | (int)header.Code;
        if (code != (int)DnsResponseCode.NoError)
        {
            return FromCode(code, server);
        }

        return header.IsTruncated
            ? TxtAnswer.Failed(TxtError.Malformed, $"{server} truncated its answer where it need not")
            : ReadAnswers(answers, header, name, server);
    }

    private static bool TrySkipQuestions(ref DnsMessageReader reader, int count, out int name)
    {
        name = DnsConstants.HeaderLength;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadQuestion(out name, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    // To the end of the last section, also where nothing there is of use: a message that breaks off is not believed in part.
    // Octets behind the last section are ignored, as other resolvers do.
    private static bool TryReadThrough(ref DnsMessageReader reader, DnsHeader header, out int extendedCode)
    {
        extendedCode = 0;
        var additionalsFrom = header.Answers + header.Authorities;
        var count = additionalsFrom + header.Additionals;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadRecord(out var record))
            {
                return false;
            }

            // RFC 6891, section 6.1.3: the upper eight bits of the code.
            if (i >= additionalsFrom && record.Type == DnsConstants.TypeOpt)
            {
                extendedCode = (int)(record.TimeToLive >> 24);
            }
        }

        return true;
    }

    private static TxtAnswer ReadAnswers(DnsMessageReader answers, DnsHeader header, int name, string server)
    {
        var owner = name;
        var timeToLive = uint.MaxValue;
        for (var aliases = 0; TryFindAlias(answers, header.Answers, owner, out var alias); aliases++)
        {
            if (aliases == MaxAliases)
            {
                return TooManyAliases(server);
            }

            var target = answers.Labels(alias.Data);
            if (!target.TrySkip() || target.End != alias.Data + alias.DataLength)
            {
                return Malformed(server);
            }

            owner = alias.Data;
            timeToLive = Math.Min(timeToLive, Seconds(alias));
        }

        List<string> texts = [];
        for (var i = 0; i < header.Answers && answers.TryReadRecord(out var record); i++)
        {
            if (!IsAt(answers, record, DnsConstants.TypeTxt, owner))
            {
                continue;
            }

            if (!TryReadText(answers.Data(record), out var text))
            {
                return Malformed(server);
            }

            texts.Add(text);
            timeToLive = Math.Min(timeToLive, Seconds(record));
        }

        return texts.Count > 0
            ? TxtAnswer.Found(texts, TimeSpan.FromSeconds(timeToLive))
            : NothingFound(header.IsAuthoritative || header.IsRecursionAvailable, server);
    }

    private static bool TryFindAlias(DnsMessageReader answers, int count, int owner, out DnsRecord alias)
    {
        alias = default;
        for (var i = 0; i < count && answers.TryReadRecord(out alias); i++)
        {
            if (IsAt(answers, alias, DnsConstants.TypeCname, owner))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAt(DnsMessageReader reader, DnsRecord record, ushort type, int owner) =>
        record.Type == type
        && record.Class == DnsConstants.ClassInternet
        && DnsLabels.SameName(reader.Labels(record.Owner), reader.Labels(owner));

    // RFC 1035, section 3.3.14: one or more character-strings that fill the data to its last octet. Joined without a separator
    // (RFC 7208, section 3.3); an octet is a character, so that nothing a server sends fails to decode.
    private static bool TryReadText(ReadOnlySpan<byte> data, out string text)
    {
        text = string.Empty;
        if (data.IsEmpty)
        {
            return false;
        }

        var builder = new StringBuilder(data.Length);
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (length >= data.Length)
            {
                return false;
            }

            foreach (var octet in data.Slice(1, length))
            {
                builder.Append((char)octet);
            }

            data = data[(1 + length)..];
        }

        text = builder.ToString();
        return true;
    }

    // RFC 2181, section 8: a TTL with the top bit set counts as zero.
    private static uint Seconds(DnsRecord record) => record.TimeToLive > int.MaxValue ? 0 : record.TimeToLive;

    // A server that neither knows the zone nor asks others for us has not said that there is no record.
    private static TxtAnswer NothingFound(bool knows, string server) => knows
        ? TxtAnswer.Failed(TxtError.NoData, $"{server} answered without a TXT record")
        : TxtAnswer.Failed(TxtError.ServerFailure, $"{server} does not resolve for others, it only refers to them");

    private static TxtAnswer FromCode(int code, string server) => (DnsResponseCode)code switch
    {
        DnsResponseCode.NameError => TxtAnswer.Failed(TxtError.NameError, $"{server} answered NXDOMAIN (3): the name does not exist"),
        DnsResponseCode.ServerFailure => TxtAnswer.Failed(TxtError.ServerFailure, $"{server} answered SERVFAIL (2)"),
        DnsResponseCode.Refused => TxtAnswer.Failed(TxtError.Refused, $"{server} answered REFUSED (5)"),
        DnsResponseCode.FormatError => TxtAnswer.Failed(TxtError.ServerFailure, $"{server} answered FORMERR (1)"),
        DnsResponseCode.NotImplemented => TxtAnswer.Failed(TxtError.ServerFailure, $"{server} answered NOTIMP (4)"),
        _ => TxtAnswer.Failed(TxtError.ServerFailure, $"{server} answered with code {code}"),
    };

    private static TxtAnswer TooManyAliases(string server) =>
        TxtAnswer.Failed(TxtError.Malformed, $"{server} answered with more than {MaxAliases} aliases, or a loop of them");

    private static TxtAnswer Malformed(string server) =>
        TxtAnswer.Failed(TxtError.Malformed, $"{server} answered with a message that is not well formed");
}
