using System.Globalization;
using OriginGuard.Checks;
using OriginGuard.ForeignText;

namespace OriginGuard.References;

/// <summary>A record in words, for whoever asks why: the same on a terminal, in JSON and on a page. What a caller wrote is made fit for all of them.</summary>
/// <param name="Verdict">What the guard answered, and its reason.</param>
/// <param name="Reason">The code of the reason.</param>
/// <param name="Time">When.</param>
/// <param name="Instance">The machine.</param>
/// <param name="Peer">Who held the connection.</param>
/// <param name="Request">The method and the path.</param>
/// <param name="Layers">Each layer and what it said.</param>
/// <param name="Cause">What most likely lies behind it.</param>
/// <param name="FirstStep">What to do first.</param>
/// <param name="Page">Where more is written.</param>
internal sealed record Explanation(
    string Verdict, string Reason, DateTimeOffset Time, string Instance, string Peer, string Request, IReadOnlyList<LayerExplanation> Layers, string Cause, string FirstStep, string Page)
{
    public static Explanation Of(RefusalRecord record) => new(
        OriginVerdict.Because(record.Reason).Outcome.ToName(),
        record.Reason.ToCode(),
        record.Time,
        PrintableText.From(record.Instance),
        record.Peer?.ToString() ?? "(no address)",
        $"{PrintableText.From(record.Method)} {PrintableText.From(record.Path)}{(RefusalRecordForm.IsFull(record.Path) ? "..." : "")}",
        [.. record.Layers.Select((layer, i) => new LayerExplanation(((GuardLayer)i).ToString(), Words(layer), IsDecisive: layer.Reason == record.Reason && record.Reason is not RefusalReason.None))],
        LikelyCause.Of(record),
        $"{References.FirstStep.Of(record.Reason).Replace("`", "", StringComparison.Ordinal)}.", // a terminal shows no code
        Pages.Of(record.Reason));

    public string When => Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    private static string Words(LayerRecord layer) => (layer.State switch
    {
        LayerState.Off => "off",
        LayerState.Admitted => "admitted",
        LayerState.Unverified => "there, not verified: another layer had decided",
        _ => $"{OriginVerdict.Because(layer.Reason).Outcome.ToName()}: {layer.Reason.ToCode()}",
    }) + (layer.IsMild ? " (only reports)" : "");
}

/// <summary>What one layer said.</summary>
internal sealed record LayerExplanation(string Layer, string Said, bool IsDecisive);
