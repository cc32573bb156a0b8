using System.Net;

namespace OriginGuard.Testing.Dns;

/// <summary>Makes the messages that answer a query, right or wrong as the test wants them.</summary>
internal sealed class DnsResponder(DnsZone zone, QueryCounter counter, Func<LoopbackDnsQuestion, LoopbackDnsBehavior> choose)
{
    /// <summary>What stands in answers that are forged, and never in right ones.</summary>
    public const string ForgedText = "v=spf1 ip4:192.0.2.66/32 -all";

    private const int ForgedAnswers = 100;
    private const int HugeTextLength = 63_750;

    private static readonly byte[] Octets = [0xDE, 0xAD, 0xBE, 0xEF, 0x00, 0xFF, 0x13, 0x37];

    public IReadOnlyList<DnsReply> Respond(ReadOnlySpan<byte> message, bool overTcp, IPEndPoint client)
    {
        if (!DnsRequest.TryRead(message, out var request))
        {
            return [];
        }

        var number = counter.Count(overTcp);
        var question = new LoopbackDnsQuestion(number, request.Name, request.Type, overTcp, request.PayloadSize is not null, client);
        var behavior = choose(question);
        return overTcp ? [RespondOverTcp(request, behavior)] : RespondOverUdp(request, behavior);
    }

    private IReadOnlyList<DnsReply> RespondOverUdp(DnsRequest request, LoopbackDnsBehavior behavior) => behavior switch
    {
        LoopbackDnsBehavior.Truncate or LoopbackDnsBehavior.StallOverTcp or LoopbackDnsBehavior.CloseOverTcp
            or LoopbackDnsBehavior.DribbleOverTcp or LoopbackDnsBehavior.HugeAnswer => [new(Truncated(request))],
        LoopbackDnsBehavior.WrongSender => [new(True(request, fits: true)) { FromElsewhere = true }],
        LoopbackDnsBehavior.ForgeFirst => [.. ForgedInEveryWay(request), new(True(request, fits: true))],
        LoopbackDnsBehavior.ForgeMany => [.. Enumerable.Range(1, ForgedAnswers).Select(offset => new DnsReply(Forged(request, offset)))],
        _ => [RespondAnyhow(request, behavior, fits: true)],
    };

    private DnsReply RespondOverTcp(DnsRequest request, LoopbackDnsBehavior behavior) => behavior switch
    {
        LoopbackDnsBehavior.StallOverTcp => new(True(request)) { Pace = DnsReplyPace.Stall },
        LoopbackDnsBehavior.CloseOverTcp => new(True(request)) { Pace = DnsReplyPace.Close },
        LoopbackDnsBehavior.DribbleOverTcp => new(True(request)) { Pace = DnsReplyPace.Dribble },
        LoopbackDnsBehavior.HugeAnswer => new(Huge(request)),
        _ => RespondAnyhow(request, behavior, fits: false),
    };

    private DnsReply RespondAnyhow(DnsRequest request, LoopbackDnsBehavior behavior, bool fits) => behavior switch
    {
        LoopbackDnsBehavior.Silent => new([]),
        LoopbackDnsBehavior.NameError => new(Coded(request, DnsResponseCodes.NameError)),
        LoopbackDnsBehavior.ServerFailure => new(Coded(request, DnsResponseCodes.ServerFailure)),
        LoopbackDnsBehavior.Refused => new(Coded(request, DnsResponseCodes.Refused)),
        LoopbackDnsBehavior.NotImplemented => new(Coded(request, DnsResponseCodes.NotImplemented)),
        LoopbackDnsBehavior.RefuseEdns when request.PayloadSize is not null => new(HeaderOnly(request)),
        LoopbackDnsBehavior.Referral => new(new DnsResponse(request) { IsReferral = true }.Encode()),
        LoopbackDnsBehavior.WrongId => new(Forged(request, offset: 1)),
        LoopbackDnsBehavior.WrongQuestion => new(ForgedForAnotherName(request)),
        LoopbackDnsBehavior.Garbage => new(Octets),
        LoopbackDnsBehavior.CutShort => new(CutShort(True(request), request)),
        LoopbackDnsBehavior.AliasLoop => new(AliasLoop(request)),
        _ => new(True(request, fits)),
    };

    private byte[] True(DnsRequest request, bool fits = false)
    {
        var answer = zone.Answer(request).Encode();
        return fits && answer.Length > request.UdpLimit ? Truncated(request) : answer;
    }

    private static byte[] Truncated(DnsRequest request) => new DnsResponse(request) { IsTruncated = true }.Encode();

    private static byte[] Coded(DnsRequest request, int code) => new DnsResponse(request) { Code = code }.Encode();

    private static byte[] HeaderOnly(DnsRequest request) =>
        new DnsResponse(request) { Code = DnsResponseCodes.FormatError, Question = [], HasOpt = false }.Encode();

    private static IEnumerable<DnsReply> ForgedInEveryWay(DnsRequest request)
    {
        yield return new(Forged(request, offset: 1));
        yield return new(ForgedForAnotherName(request));
        yield return new(Forged(request, offset: 0)) { FromElsewhere = true };
        yield return new(Octets);
        yield return new(Forged(request, offset: 0)[..11]);
    }

    private static byte[] Forged(DnsRequest request, int offset)
    {
        var response = new DnsResponse(request) { Id = (ushort)(request.Id + offset) };
        response.AddTxt(null, DnsZone.DefaultTimeToLive, TxtData.Encode([ForgedText]));
        return response.Encode();
    }

    private static byte[] ForgedForAnotherName(DnsRequest request)
    {
        var response = new DnsResponse(request)
        {
            Question = [.. DnsResponse.EncodeName("another." + request.Name), .. request.Question[^4..]],
        };
        response.AddTxt(null, DnsZone.DefaultTimeToLive, TxtData.Encode([ForgedText]));
        return response.Encode();
    }

    private static byte[] CutShort(byte[] answer, DnsRequest request)
    {
        var records = 12 + request.Question.Length;
        return answer[..(records + ((answer.Length - records) / 2))];
    }

    private static byte[] AliasLoop(DnsRequest request)
    {
        var response = new DnsResponse(request);
        response.AddAlias(null, DnsZone.DefaultTimeToLive, "loop." + request.Name);
        response.AddAlias("loop." + request.Name, DnsZone.DefaultTimeToLive, request.Name);
        return response.Encode();
    }

    private static byte[] Huge(DnsRequest request)
    {
        var response = new DnsResponse(request);
        var record = LoopbackDnsRecord.FromText(new string('x', HugeTextLength), DnsZone.DefaultTimeToLive);
        response.AddTxt(null, record.TimeToLive, record.Data);
        return response.Encode();
    }
}
