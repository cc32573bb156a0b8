using System.Text.Json.Serialization;

namespace OriginGuard.Diagnostics;

// The encoder stays the default one, which writes no sign that could begin a tag: what a client chose stands in some of these texts.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
