using System.Text.Json.Serialization;
using OriginGuard.Sample.Attempts;

namespace OriginGuard.Sample.Endpoints;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(AttemptResult))]
internal sealed partial class SampleJson : JsonSerializerContext;
