using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OriginGuard.ForeignText;
using OriginGuard.Telemetry;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Field;

/// <summary>What a study found, in words and as a file for others to read: no secret, no value of a header, no name and no address of the origin.</summary>
internal static class FieldReport
{
    public static string Text(FieldStudy study)
    {
        var text = new StringBuilder("\nwhat arrives through the load balancer\n");
        foreach (var answer in study.Answers)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {answer.Question,-16} {answer.Asks}\n                   {PrintableText.From(answer.Said, 400)}\n");
        }

        return text.ToString();
    }

    public static JsonArray Json(FieldStudy study) => new([.. study.Answers.Select(static answer => new JsonObject
    {
        ["question"] = answer.Question,
        ["asks"] = answer.Asks,
        ["answer"] = answer.Said,
        ["status"] = answer.Passage.Status,
        ["arrived"] = Arrived(answer.Passage.View),
    })]);

    /// <summary>The file. What the tool cannot know is left for the reader to fill in.</summary>
    /// <param name="study">The answers.</param>
    /// <param name="around">What became of the ways around the load balancer.</param>
    /// <param name="endpoint">Which rules of the load balancer for its endpoint are kept.</param>
    /// <param name="now">The time of the report.</param>
    public static string File(FieldStudy study, JsonArray around, JsonArray endpoint, DateTimeOffset now) => JsonOutput.Render(new JsonObject
    {
        ["loadBalancer"] = "please fill in: global, classic or regional; HTTP, HTTPS or HTTP/2 to the origin; with Cloud CDN, Cloud Armor, IAP",
        ["tool"] = OriginGuardMetrics.Version,
        ["time"] = now,
        ["mode"] = study.Plain!.Mode,
        ["platform"] = study.Plain.Platform,
        ["around"] = around,
        ["endpoint"] = endpoint,
        ["through"] = Json(study),
    });

    private static JsonNode? Arrived(OriginView? view) => view is null ? null : JsonSerializer.SerializeToNode(view.Arrived, OriginViewJson.Default.ArrivalDiagnosis);
}
