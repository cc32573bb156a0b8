using System.Globalization;

namespace OriginGuard.Sample.Attempts;

/// <summary>A status, and the reason or verdict that the body names.</summary>
internal sealed record Expectation(int Status, string? Word = null)
{
    public static Expectation Admitted { get; } = new(200, "admitted");

    public static Expectation NoAnswer { get; } = new(0);

    public static Expectation Refused(string reason) => new(403, reason);

    public override string ToString() => Status == 0 ? "no answer" : string.Create(CultureInfo.InvariantCulture, $"{Status} {Word}").TrimEnd();
}
