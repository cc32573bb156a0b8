using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Surroundings;

/// <summary>
/// Connects to a host by the first of its addresses that answers (RFC 8305). The framework's own sockets try one after another, and one that swallows what it is sent, as where
/// IPv6 is dropped on the way, takes all the time that there is: the others would never be tried.
/// </summary>
/// <param name="resolve">Finds the addresses of a host, those that are preferred first.</param>
/// <param name="time">The clock of the head start.</param>
internal sealed class HostConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time)
{
    /// <summary>How long an address is alone before the next is tried beside it: what RFC 8305, section 5, recommends.</summary>
    public static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = new Queue<IPAddress>(Alternate(await resolve(host.Host, cancellationToken).ConfigureAwait(false)));
        using var isWon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<Socket>> tries = [];
        try
        {
            while (true)
            {
                if (addresses.TryDequeue(out var address))
                {
                    tries.Add(OpenAsync(new IPEndPoint(address, host.Port), isWon.Token));
                }

                if (tries.Count == 0)
                {
                    throw new SocketException((int)SocketError.HostNotFound);
                }

                if (await FirstAsync(tries, isLast: addresses.Count == 0, cancellationToken).ConfigureAwait(false) is not { } ended)
                {
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                tries.Remove(ended);
                _ = ended.Exception; // seen: the next one may do better
                if (ended.IsCompletedSuccessfully || (tries.Count == 0 && addresses.Count == 0))
                {
                    return new NetworkStream(await ended.ConfigureAwait(false), ownsSocket: true);
                }
            }
        }
        finally
        {
            await isWon.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(tries.Select(CloseAsync)).ConfigureAwait(false);
        }
    }

    /// <summary>The families in turn, each in its own order: where one does not work, no second address of it stands in front of the other's first.</summary>
    internal static IEnumerable<IPAddress> Alternate(IPAddress[] addresses) => addresses.GroupBy(static address => address.AddressFamily)
        .SelectMany(static family => family.Index()).OrderBy(static entry => entry.Index).Select(static entry => entry.Item);

    /// <summary>The try that ends first, or null when the head start is over and there is another address.</summary>
    private async Task<Task<Socket>?> FirstAsync(List<Task<Socket>> tries, bool isLast, CancellationToken cancellationToken)
    {
        var first = Task.WhenAny(tries);
        try
        {
            return await (isLast ? first : first.WaitAsync(HeadStart, time, cancellationToken)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task<Socket> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CloseAsync(Task<Socket> late)
    {
        try
        {
            (await late.ConfigureAwait(false)).Dispose();
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // It has closed itself.
        }
    }
}
