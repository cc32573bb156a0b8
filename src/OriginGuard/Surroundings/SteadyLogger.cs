using Microsoft.Extensions.Logging;

namespace OriginGuard.Surroundings;

/// <summary>
/// A log of the guard's. Its provider may throw, an event log without room for example, and a logger passes that on to whoever writes: to a timer, whose failure
/// ends the process, to a loop that refreshes, to a request. Here the line is lost, and nothing else.
/// </summary>
internal sealed class SteadyLogger<T>(ILoggerFactory loggers) : ILogger<T>
{
    private readonly ILogger _logger = loggers.CreateLogger<T>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere left to say it.
        }
    }
}
