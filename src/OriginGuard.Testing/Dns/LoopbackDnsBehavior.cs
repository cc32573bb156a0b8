namespace OriginGuard.Testing;

/// <summary>How <see cref="LoopbackDnsServer"/> answers a question: truthfully, or wrong in one particular way.</summary>
public enum LoopbackDnsBehavior
{
    /// <summary>As it should: the records, NXDOMAIN for a name it was not told of, over UDP only as much as the client takes.</summary>
    Answer,

    /// <summary>Not at all.</summary>
    Silent,

    /// <summary>RCODE 3, NXDOMAIN: the name does not exist.</summary>
    NameError,

    /// <summary>RCODE 2, SERVFAIL: the server could not find out.</summary>
    ServerFailure,

    /// <summary>RCODE 5, REFUSED: the server does not answer this client.</summary>
    Refused,

    /// <summary>RCODE 4, NOTIMP: the server does not know such questions.</summary>
    NotImplemented,

    /// <summary>Questions with EDNS get RCODE 1, FORMERR, and nothing but a header; others are answered.</summary>
    RefuseEdns,

    /// <summary>No error and no record, and neither authority nor recursion: ask somebody else.</summary>
    Referral,

    /// <summary>Over UDP only the bit that says "truncated"; over TCP the answer.</summary>
    Truncate,

    /// <summary>The answer under another id.</summary>
    WrongId,

    /// <summary>The answer to a question about another name.</summary>
    WrongQuestion,

    /// <summary>Over UDP the answer, sent from another port.</summary>
    WrongSender,

    /// <summary>
    /// Over UDP some datagrams with <see cref="LoopbackDnsServer.ForgedText"/> in them, each wrong in one way (id, question, sender, cut
    /// to pieces), and then the answer.
    /// </summary>
    ForgeFirst,

    /// <summary>Over UDP a hundred answers with <see cref="LoopbackDnsServer.ForgedText"/>, under wrong ids; over TCP the answer.</summary>
    ForgeMany,

    /// <summary>Octets that are no DNS message.</summary>
    Garbage,

    /// <summary>The right header and question, and then only half of the records that the header counts.</summary>
    CutShort,

    /// <summary>Two aliases (CNAME) that point at each other.</summary>
    AliasLoop,

    /// <summary>Over UDP truncated; over TCP half of the answer, and then nothing more while the connection stays open.</summary>
    StallOverTcp,

    /// <summary>Over UDP truncated; over TCP half of the answer, and then the end of the connection.</summary>
    CloseOverTcp,

    /// <summary>Over UDP truncated; over TCP the answer, octet by octet.</summary>
    DribbleOverTcp,

    /// <summary>Over UDP truncated; over TCP about as much as a message can hold: one text of 63,750 characters.</summary>
    HugeAnswer,
}
