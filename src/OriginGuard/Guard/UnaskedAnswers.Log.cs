using Microsoft.Extensions.Logging;

namespace OriginGuard.Guard;

internal sealed partial class UnaskedAnswers
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 4016, EventName = "AnsweredUnasked",
            Message = "Something in front of the guard answered a request ({Status}): whoever goes around the load balancer gets that answer too.{Unauthorized} "
                + "Call app.UseOriginGuard() before it, in a startup filter of your own if a startup filter put it there; or leave it there if it is meant for everybody.")]
        public static partial void AnsweredUnasked(ILogger logger, LogLevel level, int status, string unauthorized);
    }
}
