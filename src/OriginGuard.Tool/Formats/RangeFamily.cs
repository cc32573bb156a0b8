namespace OriginGuard.Tool.Formats;

/// <summary>Which family a rule set is for, where one cannot hold both.</summary>
internal enum RangeFamily
{
    IPv4,
    IPv6,
}
