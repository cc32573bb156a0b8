using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OriginGuard.Connections;
using OriginGuard.Ranges;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The guard of a listener, and connections of a transport that is not there.</summary>
internal sealed class ConnectionScene
{
    public static readonly IPAddress Peer = IPAddress.Parse("34.96.1.1");
    public static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.66");
    public static readonly IPNetwork Inside = IPNetwork.Parse("34.96.0.0/20");
    public static readonly IPNetwork Elsewhere = IPNetwork.Parse("34.127.192.0/18");

    private const string Record = "ranges.origin.test";
    private static readonly OriginGuardMetrics Metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    private readonly CurrentRanges _ranges;
    private volatile ConnectionPolicy _policy;

    public ConnectionScene()
    {
        _ranges = new CurrentRanges(Time);
        var planned = _ranges.Prepare(new SourceAddressOptions { RecordNames = [Record] });
        _ranges.Use(planned);
        _policy = new ConnectionPolicy(LayerMode.Enforce, null, planned);
        Publish(Inside);
        Guard = new ConnectionGuard(() => _policy, _ranges, new ConnectionRefusals(Time, Lines), Metrics, NullLogger<ConnectionGuard>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public RefusalLines Lines { get; } = new();

    public ConnectionGuard Guard { get; }

    public void Publish(IPNetwork network) => _ranges.Publish(_ranges.NewPart(Record, [network], RangeOrigin.Dns, TimeSpan.FromHours(1)));

    /// <summary>Other settings come into force, with networks of their own, as a plan brings them.</summary>
    public void Configure(IPNetwork network)
    {
        var planned = _ranges.Prepare(new SourceAddressOptions { RecordNames = [], Networks = [network] });
        _policy = new ConnectionPolicy(LayerMode.Enforce, null, planned);
        _ranges.Use(planned);
        Guard.Review();
    }

    public OpenedConnection Open(IPAddress peer)
    {
        var connection = new OpenedConnection(peer);
        connection.Held = Guard.Guard(connection, static opened => opened.Ended);
        return connection;
    }
}
