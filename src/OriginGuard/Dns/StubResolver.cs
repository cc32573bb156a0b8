using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OriginGuard.Surroundings;

namespace OriginGuard.Dns;

/// <summary>
/// Asks recursive resolvers for TXT records: attempts go round the servers, each with its own time, until one of them says yes or no.
/// </summary>
/// <remarks>
/// The options are asked for once per resolution. So is the HTTP client, where DNS over HTTPS is configured; it is disposed with the
/// resolution, and with it connections that would idle for an hour.
/// </remarks>
internal sealed partial class StubResolver(
    Func<DnsOptions> options, TimeProvider time, Func<HttpClient> createHttpClient, ILogger<StubResolver> logger) : ITxtResolver
{
    private readonly ServerNotes _notes = new();

    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        cancellationToken.ThrowIfCancellationRequested();

        // A value like every other failure: names come from records too, not only from whoever wrote the configuration.
        if (!DnsName.TryParse(name, out var parsed))
        {
            return TxtAnswer.Failed(TxtError.Malformed, "what was asked for is not a domain name (RFC 1035, section 2.3.4)");
        }

        try
        {
            return await ResolveAsync(parsed, options(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception failure)
        {
            // What nobody foresaw is a failed resolution too, and the last known good ranges stay in force.
            Log.Unexpected(logger, failure, parsed);
            return TxtAnswer.Failed(TxtError.Network, $"resolving failed unexpectedly ({failure.GetType().Name})");
        }
    }

    private async Task<TxtAnswer> ResolveAsync(DnsName name, DnsOptions current, CancellationToken cancellationToken)
    {
        if (current.HttpsEndpoint is { } endpoint)
        {
            using var client = createHttpClient();
            var transport = new HttpsTransport(client, endpoint);
            return await GoRoundAsync(name, current, [new Target(transport.Server, transport.AskAsync)], cancellationToken).ConfigureAwait(false);
        }

        Target[] targets = [.. NameServers.From(current).Select(server =>
            new Target(server.ToString(), (question, token) => new ServerExchange(server, current.Timeout, time, _notes, logger).AskAsync(question, token)))];
        return targets.Length == 0
            ? TxtAnswer.Failed(TxtError.Network, "no DNS server is configured, and the system names none")
            : await GoRoundAsync(name, current, targets, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TxtAnswer> GoRoundAsync(DnsName name, DnsOptions current, Target[] targets, CancellationToken cancellationToken)
    {
        List<TxtAnswer> failures = [];

        // All of them before one is asked twice, also where there are more servers than attempts: the last may be the only one that is left.
        var attempts = Math.Max(current.Attempts, targets.Length);
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var target = targets[attempt % targets.Length];
            var answer = await AttemptAsync(name, target, current.Timeout, cancellationToken).ConfigureAwait(false);
            if (answer.Succeeded)
            {
                Log.Resolved(logger, name, target.Server, answer.Texts.Count, answer.TimeToLive);
                return answer;
            }

            Log.AttemptFailed(logger, attempt + 1, attempts, name, answer.Error, answer.Detail);

            // No is an answer as good as yes. Every other failure is this server's own, and another may do better.
            if (answer.Error is TxtError.NameError or TxtError.NoData)
            {
                return answer;
            }

            failures.Add(answer);
        }

        return Summarise(failures);
    }

    // UDP and the question without EDNS have no time of their own, so that a resolution never takes longer than Timeout x Attempts.
    private async Task<TxtAnswer> AttemptAsync(DnsName name, Target target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await target.AskAsync(name, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Explain(failure, target, timeout) is { } answer)
        {
            return answer;
        }
    }

    // What can go wrong on the way to a server. Null: nothing that was foreseen.
    private static TxtAnswer? Explain(Exception failure, Target target, TimeSpan timeout) => failure switch
    {
        OperationCanceledException =>
            TxtAnswer.Failed(TxtError.Timeout, $"{target.Server} did not answer within {timeout.TotalSeconds:0.###} s"),
        InvalidDataException => TxtAnswer.Failed(TxtError.Malformed, $"{target.Server} {failure.Message}"),
        SocketException or IOException or HttpRequestException =>
            TxtAnswer.Failed(TxtError.Network, $"{target.Server} cannot be reached ({Reason(failure)})"),
        _ => null,
    };

    private static string Reason(Exception failure) => failure switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => HttpReason.Of(failure),
        { InnerException: SocketException socket } => socket.SocketErrorCode.ToString(),
        HttpRequestException http => http.HttpRequestError.ToString(),
        _ => failure.GetType().Name,
    };

    // The error of whoever said most, and what each of them said.
    private static TxtAnswer Summarise(List<TxtAnswer> failures)
    {
        var mostTelling = failures.MinBy(failure => failure.Error switch
        {
            TxtError.Refused or TxtError.ServerFailure => 0,
            TxtError.Malformed => 1,
            TxtError.Network => 2,
            _ => 3,
        })!;
        return TxtAnswer.Failed(mostTelling.Error, string.Join("; ", failures.Select(failure => failure.Detail).Distinct()));
    }

    private readonly record struct Target(string Server, Func<DnsName, CancellationToken, Task<TxtAnswer>> AskAsync);
}
