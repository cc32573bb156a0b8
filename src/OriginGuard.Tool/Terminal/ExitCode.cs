namespace OriginGuard.Tool.Terminal;

/// <summary>What every command ends with.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command did its work, and what it looked at is not as it should be.</summary>
    public const int Finding = 1;

    /// <summary>The command line is wrong, or the command could not do its work: nothing is known.</summary>
    public const int Failed = 2;

    /// <summary>Ended by Ctrl+C before the work was done, as shells have it.</summary>
    public const int Interrupted = 130;
}
