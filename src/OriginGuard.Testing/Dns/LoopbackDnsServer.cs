using System.Net;
using OriginGuard.Testing.Dns;

namespace OriginGuard.Testing;

/// <summary>
/// A DNS server for tests: it answers TXT questions over UDP and TCP on a loopback address, and misbehaves where a test tells it to.
/// </summary>
/// <remarks>
/// Give its <see cref="EndPoint"/> to the guard as <c>OriginGuard:Dns:Servers:0</c>. Every member may be used while it runs, from any
/// thread. Servers share nothing, so that tests can run side by side. A name that it was not told of does not exist (NXDOMAIN).
/// </remarks>
public sealed class LoopbackDnsServer : IAsyncDisposable
{
    /// <summary>The text that forged answers carry: a record that would admit one address nobody owns.</summary>
    public const string ForgedText = DnsResponder.ForgedText;

    private readonly DnsZone _zone = new();
    private readonly QueryCounter _counter = new();
    private readonly DnsListener _listener;
    private volatile Func<LoopbackDnsQuestion, LoopbackDnsBehavior> _behavior = static _ => LoopbackDnsBehavior.Answer;

    private LoopbackDnsServer(IPEndPoint? endPoint, bool overTcp) =>
        _listener = DnsListener.Start(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0), new DnsResponder(_zone, _counter, question => _behavior(question)), overTcp);

    /// <summary>How long a client may keep a record for which nothing else is said: five minutes.</summary>
    public static TimeSpan DefaultTimeToLive { get; } = DnsZone.DefaultTimeToLive;

    /// <summary>Where the server listens, over UDP and TCP alike.</summary>
    public IPEndPoint EndPoint => _listener.EndPoint;

    /// <summary>How many questions came so far, over UDP and TCP together.</summary>
    public int QueryCount => _counter.Udp + _counter.Tcp;

    /// <summary>How many questions came over UDP.</summary>
    public int UdpQueryCount => _counter.Udp;

    /// <summary>How many questions came over TCP.</summary>
    public int TcpQueryCount => _counter.Tcp;

    /// <summary>Starts a server.</summary>
    /// <param name="endPoint">Where it listens. By default 127.0.0.1, at a port free for UDP and TCP, which port 0 means too.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address or the port cannot be had.</exception>
    public static LoopbackDnsServer Start(IPEndPoint? endPoint = null) => new(endPoint, overTcp: true);

    /// <summary>Starts a server that speaks UDP only: a TCP connection to its port is refused.</summary>
    /// <param name="endPoint">Where it listens. By default 127.0.0.1, at a free port, which port 0 means too.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address or the port cannot be had.</exception>
    public static LoopbackDnsServer StartUdpOnly(IPEndPoint? endPoint = null) => new(endPoint, overTcp: false);

    /// <summary>Sets the TXT records of a name, one for each text, to be kept for <see cref="DefaultTimeToLive"/>.</summary>
    /// <param name="name">The name. Case and a final dot do not count.</param>
    /// <param name="texts">The texts, cut into character-strings where they are long. None: the name exists without a TXT record.</param>
    /// <exception cref="ArgumentException">No DNS message holds the name, or all texts together with it: 65,535 octets.</exception>
    public void SetTxt(string name, params string[] texts) => SetTxt(name, DefaultTimeToLive, texts);

    /// <summary>Sets the TXT records of a name, one for each text.</summary>
    /// <param name="name">The name. Case and a final dot do not count.</param>
    /// <param name="timeToLive">How long a client may keep them.</param>
    /// <param name="texts">The texts, cut into character-strings where they are long. None: the name exists without a TXT record.</param>
    /// <exception cref="ArgumentException">No DNS message holds the name, or all texts together with it: 65,535 octets.</exception>
    public void SetTxt(string name, TimeSpan timeToLive, params string[] texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Set(name, [.. texts.Select(text => LoopbackDnsRecord.FromText(text, timeToLive))], nameof(texts));
    }

    /// <summary>Sets the TXT records of a name, with their character-strings as they are.</summary>
    /// <param name="name">The name. Case and a final dot do not count.</param>
    /// <param name="records">The records. None: the name exists without a TXT record.</param>
    /// <exception cref="ArgumentException">No DNS message holds the name, or all records together with it: 65,535 octets.</exception>
    public void SetRecords(string name, params LoopbackDnsRecord[] records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Set(name, records, nameof(records));
    }

    /// <summary>Makes a name stand for another (CNAME); the answer holds the chain and the records at its end.</summary>
    /// <param name="name">The name. Case and a final dot do not count.</param>
    /// <param name="target">The name that it stands for.</param>
    /// <exception cref="ArgumentException">No DNS message holds the one name or the other: a label has more than 63 characters, all take more than 255, or one is beyond ISO 8859-1.</exception>
    public void SetAlias(string name, string target)
    {
        DnsName.ThrowIfNone(name, nameof(name));
        DnsName.ThrowIfNone(target, nameof(target));
        _zone.SetAlias(name, target);
    }

    /// <summary>Forgets a name: it does not exist (NXDOMAIN).</summary>
    /// <param name="name">The name. Case and a final dot do not count.</param>
    public void Remove(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _zone.Remove(name);
    }

    /// <summary>
    /// How the next questions are answered: the first as the first says, the second as the second, and all further ones as the last.
    /// </summary>
    /// <param name="behaviors">One or more. <c>Behave(Silent, Answer)</c> loses one question and answers the rest.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public void Behave(params LoopbackDnsBehavior[] behaviors)
    {
        ArgumentNullException.ThrowIfNull(behaviors);
        if (behaviors.Length == 0)
        {
            throw new ArgumentException("Name at least one behaviour.", nameof(behaviors));
        }

        LoopbackDnsBehavior[] copy = [.. behaviors];
        var next = -1;
        Behave(_ => copy[Math.Min(Interlocked.Increment(ref next), copy.Length - 1)]);
    }

    /// <summary>How each question is answered.</summary>
    /// <param name="choose">
    /// Asked for each question, from several threads at once. What it throws ends the server, and comes out of <see cref="DisposeAsync"/>.
    /// </param>
    public void Behave(Func<LoopbackDnsQuestion, LoopbackDnsBehavior> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        _behavior = choose;
    }

    /// <summary>Waits until that many questions have come since the start, whether they were answered or not.</summary>
    /// <param name="count">The number, as <see cref="QueryCount"/> counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForQueriesAsync(int count, CancellationToken cancellationToken) => _counter.WaitAsync(count, cancellationToken);

    /// <summary>Stops listening and ends every connection.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private void Set(string name, LoopbackDnsRecord[] records, string parameter)
    {
        DnsName.ThrowIfNone(name, nameof(name));
        var length = DnsResponse.LengthOf(name, records.Select(static record => record.Data));
        if (length > DnsResponse.MaxLength)
        {
            throw new ArgumentException($"An answer with all of them takes {length} octets; a DNS message has at most {DnsResponse.MaxLength}. Set fewer, or shorter ones.", parameter);
        }

        _zone.Set(name, records);
    }
}
