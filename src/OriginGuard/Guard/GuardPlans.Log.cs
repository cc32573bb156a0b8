using Microsoft.Extensions.Logging;

namespace OriginGuard.Guard;

internal sealed partial class GuardPlans
{
    private static partial class Log
    {
        [LoggerMessage(4015, LogLevel.Error, "The changed configuration is in force for every request; what follows from it failed for {Step}. Restart the application.",
            EventName = "ReloadStepFailed")]
        public static partial void StepFailed(ILogger logger, Exception exception, string step);
    }
}
