using System.Globalization;
using OriginGuard.Tool.Field;

namespace OriginGuard.Tool.Probe;

/// <summary>Says what an answer means to whoever tries the way around the load balancer.</summary>
internal static class AnswerReader
{
    public static async Task<(ProbeVerdict Verdict, string Explanation)> ReadAsync(
        HttpResponseMessage response, IReadOnlyCollection<int> refusedStatuses, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (await GuardAnswer.ReadAsync(response, cancellationToken) is { IsOfDiagnostics: false, Reason: var reason })
        {
            return (ProbeVerdict.Refused, Refusal(status, reason));
        }

        return Named(status, refusedStatuses) ?? (ProbeVerdict.Answered, Answer(status, response) + Way(response));
    }

    /// <summary>An answer of which no more than its head came.</summary>
    public static (ProbeVerdict Verdict, string Explanation) ReadHead(int status, IReadOnlyCollection<int> refusedStatuses) =>
        Named(status, refusedStatuses) ?? (ProbeVerdict.Answered, Invariant($"{status}, and the rest of the answer did not come"));

    private static (ProbeVerdict Verdict, string Explanation)? Named(int status, IReadOnlyCollection<int> refusedStatuses) =>
        refusedStatuses.Contains(status) ? (ProbeVerdict.Refused, Invariant($"{status}, which you named as a refusal")) : null;

    private static string Refusal(int status, string reason)
    {
        var told = reason.Length == 0 ? "" : $", and tells everyone the reason ({reason}): switch Rejection:IncludeReason off";
        return status == 503
            ? $"503: the guard cannot tell (no ranges or keys), for the load balancer's requests neither{told}"
            : Invariant($"{status} from the guard{told}");
    }

    private static string Answer(int status, HttpResponseMessage response) => status switch
    {
        >= 300 and < 400 when response.Headers.Location is { } location => Invariant($"{status}, a redirect to {location.OriginalString}"),
        401 or 403 => Invariant($"{status}, but not the guard's: whoever refuses here saw the request; --refused-status {status} if that is meant"),
        >= 400 => Invariant($"{status}, an error of something that answers everyone"),
        _ => Invariant($"{status}: open to everyone"),
    };

    // Seen widely in answers that came through Google's load balancer.
    private static string Way(HttpResponseMessage response) => response.Headers.Via.Any(static via => via.ReceivedBy == "google")
        ? "; it came through a load balancer at Google, so this is not the way around it: name the origin itself, or use --connect"
        : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
