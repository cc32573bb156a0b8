namespace OriginGuard.Tool.Field;

/// <summary>A line of a header, spelled exactly so, repeated or not.</summary>
internal readonly record struct HeaderLine(string Name, string Value);
