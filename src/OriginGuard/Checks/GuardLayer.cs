namespace OriginGuard.Checks;

/// <summary>The layers, in the order in which they are asked: cheapest first.</summary>
internal enum GuardLayer
{
    Headers,
    SourceAddress,
    SharedSecret,
    Iap,
}
