using System.Text.Json;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>The load in a process of its own: one order a line, one count a line, and it ends with its input.</summary>
internal static class LoadRole
{
    public const string Name = "load";

    public static async Task<int> RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var count = await RunAsync(JsonSerializer.Deserialize<LoadOrder>(line)!);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(count));
            await Console.Out.FlushAsync();
        }

        return 0;
    }

    private static async Task<LoadCount> RunAsync(LoadOrder order)
    {
        var deadline = new Deadline(order.Seconds);
        try
        {
            var connections = Enumerable.Range(0, order.Connections).Select(i => order.Sources[i % order.Sources.Count]);
            var counts = await Task.WhenAll(connections.Select(source => Task.Run(() => order.IsConnectionLoad
                ? ConnectionLoad.RunAsync(order, source, deadline)
                : KeepAliveLoad.RunAsync(order, source, deadline))));
            return new LoadCount(counts.Sum(), deadline.Elapsed, null);
        }
        catch (Exception wrong) when (wrong is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return new LoadCount(0, deadline.Elapsed, wrong.Message);
        }
    }
}
