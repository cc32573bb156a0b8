using System.Diagnostics.CodeAnalysis;

namespace OriginGuard.Tool.Terminal;

/// <summary>Ends a command with one line for the person at the keyboard.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a line there would be nothing to say.")]
internal sealed class ToolFailure(string message) : Exception(message);
