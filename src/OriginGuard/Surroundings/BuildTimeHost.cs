using System.Reflection;

namespace OriginGuard.Surroundings;

/// <summary>
/// Whether this process only describes the application while it is built. Such a process runs the application's start on a machine that has neither
/// its secrets nor a reason to ask DNS. What tells is the program itself, which nobody who sends requests or configures the origin can change; and a
/// guard in such a process refuses everybody, so that a mistake closes and does not open.
/// </summary>
internal sealed class BuildTimeHost(string? program)
{
    // Microsoft.Extensions.ApiDescription.Server starts the application inside this program to write its OpenAPI documents.
    public const string DocumentTool = "GetDocument.Insider";

    public static BuildTimeHost Current => Of(Assembly.GetEntryAssembly());

    /// <param name="program">Null where native code has started the process.</param>
    public static BuildTimeHost Of(Assembly? program) => new(program?.GetName().Name);

    public bool IsOne => string.Equals(program, DocumentTool, StringComparison.Ordinal);
}
