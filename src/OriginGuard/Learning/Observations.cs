using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.ForeignText;
using OriginGuard.Networks;

namespace OriginGuard.Learning;

/// <summary>
/// Learns, while the guard as a whole only reports, what really arrives. Anyone who reaches the origin adds to it, so it is bounded, it is told apart by
/// what only the load balancer knows, and nothing of it changes what the guard does.
/// </summary>
internal sealed partial class Observations(TimeProvider time, ILogger<Observations> logger)
{
    public const string Notice =
        "Observations, not advice: whoever reaches the origin directly is among them. Vouched for means a right secret or a valid assertion; a secret that "
        + "leaked vouches for its thief. Any Google Cloud customer can have an audience signed. Copy only what you recognise as yours.";

    private const int MostAudiences = 8;
    private const int MostInLog = 5;
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Requests, long WithRightSecret)> _audiences = new(StringComparer.Ordinal);
    private SeenNetworks _networks = new();
    private object? _configuration;
    private DateTimeOffset _since;
    private long _lastLog;
    private long _requests;
    private long _secretHeader;
    private long _secretRight;

    /// <param name="observation">What a request showed.</param>
    /// <param name="configuration">The settings under which it came: what was seen under others says nothing about these.</param>
    public void Add(Observation observation, object configuration)
    {
        LearnedDiagnosis? due = null;
        lock (_lock)
        {
            if (!ReferenceEquals(_configuration, configuration))
            {
                Begin(configuration);
            }

            Count(observation);

            // No timer: a guard that nobody asks has nothing new to say.
            if (time.GetElapsedTime(_lastLog) >= LogInterval)
            {
                _lastLog = time.GetTimestamp();
                due = Describe();
            }
        }

        if (due is not null && logger.IsEnabled(LogLevel.Information))
        {
            Log.Learned(logger, due.Since, due.Requests, due.SecretHeader, due.SecretRight, InWords(due.Networks), InWords(due.Audiences), Notice);
        }
    }

    /// <summary>What was seen; null before the first request.</summary>
    public LearnedDiagnosis? Read(OriginGuardOptions options)
    {
        LearnedDiagnosis seen;
        IPNetwork[] networks;
        string[] audiences;
        lock (_lock)
        {
            if (_requests == 0)
            {
                return null;
            }

            seen = Describe();
            networks = [.. _networks.BusiestFirst.Where(static network => network is { IsInRanges: false, VouchedFor: > 0 }).Select(static network => network.Network)];
            audiences = [.. _audiences.Where(static entry => entry.Value.WithRightSecret > 0).Select(static entry => entry.Key)];
        }

        // Not under the lock: it holds all configured networks, and every request waits for what is done there.
        return seen with { Configuration = LearnedConfiguration.Write(options, networks, audiences) };
    }

    private void Begin(object configuration)
    {
        (_configuration, _since, _lastLog, _networks) = (configuration, time.GetUtcNow(), time.GetTimestamp(), new SeenNetworks());
        (_requests, _secretHeader, _secretRight) = (0, 0, 0);
        _audiences.Clear();
    }

    private void Count(Observation seen)
    {
        _requests++;
        _secretHeader += seen.HasSecretHeader ? 1 : 0;
        _secretRight += seen.HasRightSecret ? 1 : 0;
        if (seen.Peer is { } peer)
        {
            _networks.Add(PeerNetwork.Of(peer, seen.Published), seen.Published is not null, seen.HasRightSecret || seen.HasUser);
        }

        if (seen.Audience is not { } audience)
        {
            return;
        }

        var shown = PrintableText.From(audience);
        if (_audiences.Count < MostAudiences || _audiences.ContainsKey(shown) || (seen.HasRightSecret && ForgetStranger()))
        {
            var (requests, right) = _audiences.GetValueOrDefault(shown);
            _audiences[shown] = (requests + 1, right + (seen.HasRightSecret ? 1 : 0));
        }
    }

    private bool ForgetStranger() =>
        _audiences.FirstOrDefault(static entry => entry.Value.WithRightSecret == 0).Key is { } stranger && _audiences.Remove(stranger);

    private LearnedDiagnosis Describe() => new(
        _since,
        Notice,
        _requests,
        _secretHeader,
        _secretRight,
        [.. _networks.BusiestFirst.Select(static seen => new LearnedNetwork(seen.Network.ToString(), seen.IsInRanges, seen.Requests, seen.OvercountAtMost, seen.VouchedFor))],
        [.. _audiences.OrderByDescending(static entry => entry.Value.WithRightSecret).ThenByDescending(static entry => entry.Value.Requests)
            .Select(static entry => new LearnedAudience(entry.Key, entry.Value.Requests, entry.Value.WithRightSecret))],
        Configuration: null);

    private static string InWords(IReadOnlyList<LearnedNetwork> networks) => networks.Count == 0 ? "none" : string.Join(", ", networks.Take(MostInLog).Select(
        static seen => $"{seen.Network} {(seen.IsInRanges ? "(in the ranges) " : "")}{seen.Requests}, vouched for {seen.VouchedFor}"));

    private static string InWords(IReadOnlyList<LearnedAudience> audiences) => audiences.Count == 0 ? "none" : string.Join(", ", audiences.Take(MostInLog).Select(
        static seen => $"{seen.Audience} {seen.Requests}, with a right secret {seen.WithRightSecret}"));
}

/// <summary>What one request in report-only mode showed.</summary>
/// <param name="Peer">Who holds the connection.</param>
/// <param name="Published">The network of the ranges that the peer lies in.</param>
/// <param name="HasSecretHeader">The header is there, whatever its value.</param>
/// <param name="HasRightSecret">Its value is one of the secrets.</param>
/// <param name="HasUser">An assertion was valid.</param>
/// <param name="Audience">What an assertion that Identity-Aware Proxy has signed is for.</param>
internal readonly record struct Observation(IPAddress? Peer, IPNetwork? Published, bool HasSecretHeader, bool HasRightSecret, bool HasUser, string? Audience);
