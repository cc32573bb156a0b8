using System.Globalization;
using System.Text.Json;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>An origin that listens in a process of its own.</summary>
internal sealed class RunningOrigin : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RunningOrigin(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <param name="spec">What it is.</param>
    /// <param name="environment">Settings of the runtime beside the usual ones.</param>
    public static async Task<RunningOrigin> StartAsync(OriginSpec spec, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = ChildProcess.StartOrigin(JsonSerializer.Serialize(spec), environment ?? new Dictionary<string, string>());
        return new RunningOrigin(process, int.Parse(await process.ReadAsync(), CultureInfo.InvariantCulture));
    }

    public async Task<OriginState> StateAsync() => JsonSerializer.Deserialize<OriginState>(await _process.AskAsync("state"))!;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
