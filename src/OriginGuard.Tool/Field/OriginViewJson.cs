using System.Text.Json.Serialization;

namespace OriginGuard.Tool.Field;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OriginView))]
internal sealed partial class OriginViewJson : JsonSerializerContext;
