using System.Globalization;
using System.Text.Json;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>An origin that listens in a process of its own.</summary>
internal sealed class RunningOrigin : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RunningOrigin(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<RunningOrigin> StartAsync(OriginSpec spec)
    {
        var process = ChildProcess.StartOrigin(JsonSerializer.Serialize(spec));
        return new RunningOrigin(process, int.Parse(await process.ReadAsync(), CultureInfo.InvariantCulture));
    }

    public async Task<OriginState> StateAsync() => JsonSerializer.Deserialize<OriginState>(await _process.AskAsync("state"))!;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
