using System.Text.Json;

namespace OriginGuard.Iap;

/// <summary>The claims of an external identity: the JSON as it was signed, and its values under their paths.</summary>
internal sealed class GcipClaims
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    private GcipClaims(string json) => Json = json;

    public string Json { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    public static GcipClaims Read(JsonElement gcip)
    {
        var claims = new GcipClaims(gcip.GetRawText());
        claims.AddMembers(IapClaimTypes.Gcip, gcip);
        return claims;
    }

    private void AddMembers(string path, JsonElement parent)
    {
        foreach (var member in parent.EnumerateObject())
        {
            // {"firebase.tenant": …} must not pass for {"firebase": {"tenant": …}}.
            if (!member.Name.Contains('.', StringComparison.Ordinal))
            {
                Add($"{path}.{member.Name}", member.Value);
            }
        }
    }

    private void Add(string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AddMembers(path, value);
                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    Add(path, element);
                }

                break;
            case JsonValueKind.String:
                _values.Add(new(path, value.GetString()!)); // a string element always has a text
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                _values.Add(new(path, value.GetRawText()));
                break;
        }
    }
}
