namespace OriginGuard.Sample.Endpoints;

internal sealed record IapHealth(long Keys, long AgeSeconds);
