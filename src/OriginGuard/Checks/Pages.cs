using System.Reflection;

namespace OriginGuard.Checks;

/// <summary>
/// Where the pages are that lines, answers and the diagnostics name. A release is built with their address (<c>-p:DocumentationUrl=</c>); without one they are named by
/// their path, under which the package carries them.
/// </summary>
internal static class Pages
{
    /// <summary>The address of the folder, or its path.</summary>
    public static string Root { get; } = typeof(Pages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static data => data.Key == "DocumentationUrl")?.Value ?? "docs";

    /// <summary>Whether a browser can go there.</summary>
    public static bool IsAddress { get; } = Uri.IsWellFormedUriString(Root, UriKind.Absolute);

    /// <summary>The page on all that is not admitted. It tells nobody which reason it was.</summary>
    public static string NotAdmitted { get; } = $"{Root}/troubleshooting.md#requests-that-are-not-admitted";

    public static string Of(RefusalReason reason) => Of(reason.ToCode());

    /// <summary>The section of a reason, by its code.</summary>
    public static string Of(string code) => $"{Root}/troubleshooting.md#{code.Replace('.', '-').Replace('_', '-')}";
}
