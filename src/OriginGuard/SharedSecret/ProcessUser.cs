namespace OriginGuard.SharedSecret;

/// <summary>As whom the process runs, as the operator has to name it to chown or to a security context.</summary>
internal static class ProcessUser
{
    public static string Describe() => Id() is { } id ? $"user {Name()}, id {id}" : $"user {Name()}";

    // A directory of users that does not answer has no name for anybody.
    private static string Name()
    {
        try
        {
            return Environment.UserName;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            return "without a name";
        }
    }

    // proc(5): real, effective, saved and file system id. .NET has no call for it, and in a container the number is all there is.
    private static string? Id()
    {
        try
        {
            return OperatingSystem.IsLinux()
                && Array.Find(File.ReadAllLines("/proc/self/status"), static line => line.StartsWith("Uid:", StringComparison.Ordinal))?.Split('\t') is [_, _, var effective, ..]
                    ? effective
                    : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
