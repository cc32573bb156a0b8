using Microsoft.Extensions.Logging;
using OriginGuard.Connections;

namespace OriginGuard.Coyote;

/// <summary>Adds up of how many refused connections the log tells.</summary>
internal sealed class RefusalLines : ILogger<ConnectionRefusals>
{
    private long _told;

    public long Told => Interlocked.Read(ref _told);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var count = state is IReadOnlyList<KeyValuePair<string, object?>> values ? values.FirstOrDefault(static value => value.Key == "Count").Value : null;
        Interlocked.Add(ref _told, count as long? ?? 1);
    }
}
