using Microsoft.Extensions.Logging;

namespace OriginGuard.TestKit;

/// <summary>One log message as it was written.</summary>
public sealed record LogEntry(string Category, LogLevel Level, EventId Id, string Message, Exception? Exception);
