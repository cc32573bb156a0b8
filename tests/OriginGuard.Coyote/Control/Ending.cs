namespace OriginGuard.Coyote.Control;

/// <summary>How a wait has ended.</summary>
internal enum Ending
{
    Done,
    TimedOut,
    Cancelled,
}
