using System.Net;
using System.Net.Sockets;
using System.Text;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Attempts;

/// <summary>Plays attempts against the running sample over real sockets.</summary>
internal sealed class AttemptPlayer(Simulation simulation, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<AttemptResult> PlayAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var (from, to) = attempt.Way switch
        {
            Way.ThroughLoadBalancer => (IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, simulation.LoadBalancer.Port)),
            Way.Around => (IPAddress.Loopback, simulation.OriginForClients),
            _ => (simulation.Source, simulation.OriginForLoadBalancer),
        };
        var words = new AttemptWords(simulation);
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        RawAnswer answer;
        try
        {
            answer = await RawClient.SendAsync(from, to, Request(attempt, to, words.Spell), stop.Token);
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            answer = new RawAnswer("");
        }

        return Judge(attempt, from, to, Request(attempt, to, words.Tell).TrimEnd(), answer, words);
    }

    private static AttemptResult Judge(Attempt attempt, IPAddress from, IPEndPoint to, string request, RawAnswer answer, AttemptWords words)
    {
        var reason = answer.Member("reason");
        var verdict = answer.Member("verdict") ?? (reason is null ? null : ReasonWords.VerdictOf(reason));
        return new AttemptResult(
            attempt.Id,
            attempt.Title,
            from.ToString(),
            to.ToString(),
            request,
            answer.Status,
            verdict,
            reason,
            Explain(answer.Status, verdict, reason),
            words.Mask($"{answer.StatusLine}\n\n{answer.Body}").Trim(),
            attempt.Expected.ToString(),
            new Expectation(answer.Status, reason ?? verdict).ToString());
    }

    // HTTP/1.0, so that the answer ends with its connection and needs neither chunks nor a Connection header.
    private static string Request(Attempt attempt, IPEndPoint to, Func<string, string> spell)
    {
        var text = new StringBuilder().Append("GET ").Append(attempt.Path).Append(" HTTP/1.0\r\nHost: ").Append(to).Append("\r\n");
        foreach (var line in attempt.Lines)
        {
            text.Append(spell(line)).Append("\r\n");
        }

        return text.Append("\r\n").ToString();
    }

    private static string Explain(int status, string? verdict, string? reason) => (status, verdict, reason) switch
    {
        (0, _, _) => "The connection ended without an answer.",
        (_, _, not null) => ReasonWords.Of(reason),
        (_, "admitted", _) => "The guard let it in: every layer was satisfied.",
        (200, _, _) => "It was answered: this path is exempt from the guard.",
        (404, _, _) => "The guard let it in. The application has nothing at this path.",
        _ => "The guard refused it and gave no reason.",
    };
}
