using System.Net;

namespace OriginGuard.Testing;

/// <summary>A question that <see cref="LoopbackDnsServer"/> was asked.</summary>
public sealed class LoopbackDnsQuestion
{
    internal LoopbackDnsQuestion(int number, string name, int type, bool isOverTcp, bool hasEdns, IPEndPoint client) =>
        (Number, Name, Type, IsOverTcp, HasEdns, Client) = (number, name, type, isOverTcp, hasEdns, client);

    /// <summary>Which question it is: 1 is the first. A question over TCP after a truncated answer counts as another.</summary>
    public int Number { get; }

    /// <summary>The name, spelt as it came and without a final dot.</summary>
    public string Name { get; }

    /// <summary>The type that was asked for; 16 is TXT.</summary>
    public int Type { get; }

    /// <summary>True when it came over TCP, false over UDP.</summary>
    public bool IsOverTcp { get; }

    /// <summary>True when it carries an OPT record (RFC 6891).</summary>
    public bool HasEdns { get; }

    /// <summary>Who asks.</summary>
    public IPEndPoint Client { get; }

    /// <summary>Number, name and protocol.</summary>
    public override string ToString() => $"{Number}: {Name} over {(IsOverTcp ? "TCP" : "UDP")}";
}
