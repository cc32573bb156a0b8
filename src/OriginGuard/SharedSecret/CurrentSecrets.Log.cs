using Microsoft.Extensions.Logging;

namespace OriginGuard.SharedSecret;

internal sealed partial class CurrentSecrets
{
    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Information, "Shared secrets in force: {Count}.", EventName = "SecretsChanged")]
        public static partial void SecretsChanged(ILogger logger, int count);

        [LoggerMessage(4202, LogLevel.Warning, "The secret file {Path} {Problem}. Its last good value stays in force; mend the file.",
            EventName = "SecretFileKept")]
        public static partial void SecretFileKept(ILogger logger, string path, string problem);
    }
}
