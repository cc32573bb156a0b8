using Microsoft.Extensions.Logging;

namespace OriginGuard.Startup;

internal sealed partial class Announcements
{
    private static partial class Log
    {
        [LoggerMessage(4004, LogLevel.Warning, "OriginGuard:Mode is Disabled: every request is let through, from wherever it comes.", EventName = "GuardDisabled")]
        public static partial void GuardDisabled(ILogger logger);

        [LoggerMessage(4006, LogLevel.Information, "The guard is on: mode {Mode}, platform {Platform}, layers in order: {Layers}.", EventName = "GuardOn")]
        public static partial void GuardOn(ILogger logger, LayerMode mode, OriginPlatform platform, string layers);

        [LoggerMessage(4007, LogLevel.Warning, "{Weakness}", EventName = "WeakSetUp")]
        public static partial void WeakSetUp(ILogger logger, string weakness);

        [LoggerMessage(4008, LogLevel.Information, "Platform {Platform}: {Note}", EventName = "PlatformNote")]
        public static partial void PlatformNote(ILogger logger, OriginPlatform platform, string note);

        [LoggerMessage(4009, LogLevel.Error, "{Fault}", EventName = "NotFirst")]
        public static partial void NotFirst(ILogger logger, string fault);
    }
}
