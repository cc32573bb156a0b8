using System.Diagnostics;
using System.Globalization;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// This program again, in another role and on a processor of its own where <c>taskset</c> can give it one, or another program. It is asked by lines, and ends
/// when its input does, so that none is left behind.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Where <c>taskset</c> is, and there is more than one processor to give away.</summary>
    public static bool CanPin => Environment.ProcessorCount > 1 && TaskSet is not null;

    private static string[] Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(ChildProcess).Assembly.Location]
        : [Environment.ProcessPath!];

    private static string? TaskSet { get; } = new[] { "/usr/bin/taskset", "/bin/taskset" }.FirstOrDefault(File.Exists);

    public int Id => _process.Id;

    public static ChildProcess StartOrigin(string spec, IReadOnlyDictionary<string, string> environment) =>
        Start([.. Self, OriginRole.Name, spec], string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount - 1}"), environment);

    // The load is cheaper without a hop between threads: the less it takes, the more the origin is what is measured.
    public static ChildProcess StartLoad() => Start(
        [.. Self, LoadRole.Name],
        string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(Environment.ProcessorCount - 2, 0)}"),
        new Dictionary<string, string> { ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1" });

    /// <summary>Another program that is asked by lines, on any processor.</summary>
    public static ChildProcess StartProgram(string program, string argument) => Start(new ProcessStartInfo(program, [argument]));

    public async Task<string> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("A process of the end-to-end mode ended before it was told to.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ChildProcess Start(string[] line, string processors, IReadOnlyDictionary<string, string> environment)
    {
        string[] pinned = CanPin ? [TaskSet!, "-c", processors, .. line] : line;
        var start = new ProcessStartInfo(pinned[0], pinned[1..]);
        start.Environment[Warmth.Variable] = Warmth.Value;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Start(start);
    }

    private static ChildProcess Start(ProcessStartInfo start)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        return new ChildProcess(Process.Start(start)!);
    }
}
