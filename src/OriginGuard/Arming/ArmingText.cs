using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using OriginGuard.Checks;
using OriginGuard.ForeignText;

namespace OriginGuard.Arming;

/// <summary>The text of an arming report's file: JSON, so that an operator can read it, with its kind and version first.</summary>
internal static class ArmingText
{
    /// <summary>More than a full account has.</summary>
    public const int MostBytes = 1024 * 1024;

    private const string Format = "originguard-arming 1";

    // More than anybody can count to, and little enough to be added up.
    private const long MostCounted = 1L << 50;
    private const long MostSeconds = 100L * 366 * 86_400;

    public static string Write(ArmingState state) => JsonSerializer.Serialize(new ArmingDocument { Format = Format, Account = state }, ArmingJson.Default.ArmingDocument) + "\n";

    public static string Write(ArmingReport report) => JsonSerializer.Serialize(report, ArmingJson.Default.ArmingReport) + "\n";

    /// <exception cref="FormatException">The text is no whole account of this version.</exception>
    public static ArmingState Parse(string text)
    {
        ArmingDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(text, ArmingJson.Default.ArmingDocument);
        }
        catch (JsonException)
        {
            throw new FormatException("it is no arming report, or was cut short or changed");
        }

        return document is { Format: Format, Account: { Callers: not null } account } && account.Callers.All(IsSound) && account.QuietSeconds is >= 0 and <= MostSeconds
            && Array.TrueForAll([account.QuietAdmitted, account.Admitted, account.Strangers, account.Undetermined], IsCount)
            ? account
            : throw new FormatException($"it is no arming report of this version (\"{Format}\")");
    }

    /// <summary>The key of a caller in the file; null where the file says what cannot be.</summary>
    public static CallerKey? KeyOf(CallerState saved)
    {
        RefusalReason[] reasons = [.. Enum.GetValues<RefusalReason>().Where(reason => reason is not RefusalReason.None && saved.Reasons.Contains(reason.ToCode(), StringComparer.Ordinal))];
        var network = default(IPNetwork);
        return reasons.Length == saved.Reasons.Count && Enum.TryParse<CallerKind>(saved.Kind, out var kind) && kind.ToString() == saved.Kind && Enum.IsDefined(kind)
            && (saved.Network is null || StrictNetwork.TryParse(saved.Network, out network))
            ? new CallerKey(kind, saved.Agent, ReasonSet.Of(reasons), saved.Network is null ? null : network, saved.Route)
            : null;
    }

    private static bool IsSound(CallerState saved) => saved is { Reasons: not null, Kind: not null, Days: > 0 }
        && Array.TrueForAll([saved.Refused, saved.Reported, saved.OvercountAtMost], IsCount) && saved.FirstSeen <= saved.LastSeen && (saved.Agent is null || KnownAgents.Knows(saved.Agent)) && KeyOf(saved) is not null;

    private static bool IsCount(long count) => count is >= 0 and <= MostCounted;
}

/// <summary>The file.</summary>
internal sealed record ArmingDocument
{
    public required string Format { get; init; }

    public required ArmingState? Account { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ArmingDocument))]
[JsonSerializable(typeof(ArmingReport))]
internal sealed partial class ArmingJson : JsonSerializerContext;
