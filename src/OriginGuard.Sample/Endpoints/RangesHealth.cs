namespace OriginGuard.Sample.Endpoints;

internal sealed record RangesHealth(string Source, long AgeSeconds, long Networks);
