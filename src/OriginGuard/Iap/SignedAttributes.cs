using System.Text.Json;

namespace OriginGuard.Iap;

/// <summary>
/// What an assertion says of the user beyond name and number, as pairs of claim type and value. Only of a verified assertion: strangers choose how
/// many there are. What has another form than Google gives it is no claim.
/// </summary>
internal sealed class SignedAttributes
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    private SignedAttributes()
    {
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Read(JsonElement body)
    {
        var attributes = new SignedAttributes();
        if (body.TryGetProperty("identity_source"u8, out var source))
        {
            attributes.AddText(IapClaimTypes.IdentitySource, source);
        }

        if (ObjectIn(body, "google"u8) is { } google && google.TryGetProperty("device_id"u8, out var device))
        {
            attributes.AddText(IapClaimTypes.DeviceId, device);
        }

        if (ObjectIn(body, "additional_claims"u8) is { } additional)
        {
            attributes.AddLists(additional);
        }

        if (ObjectIn(body, "workforce_identity"u8) is { } workforce)
        {
            attributes.AddMembers("workforce_identity", workforce);
        }

        if (ObjectIn(body, "gcip"u8) is { } gcip)
        {
            attributes.AddMembers(IapClaimTypes.Gcip, gcip);
        }

        return attributes._values;
    }

    private static JsonElement? ObjectIn(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.Object ? member : null;

    /// <summary>
    /// Attributes have one level, and names that an identity provider chose: addresses with dots as well. Since nothing deeper is a claim, no name can pass
    /// for the path of another.
    /// </summary>
    private void AddLists(JsonElement parent)
    {
        foreach (var member in parent.EnumerateObject())
        {
            var type = IapClaimTypes.AttributePrefix + member.Name;
            if (member.Value.ValueKind is not JsonValueKind.Array)
            {
                AddText(type, member.Value);
                continue;
            }

            foreach (var element in member.Value.EnumerateArray())
            {
                AddText(type, element);
            }
        }
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
            default:
                AddText(path, value);
                break;
        }
    }

    private void AddText(string type, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _values.Add(new(type, value.GetString()!)); // a string element always has a text
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                _values.Add(new(type, value.GetRawText()));
                break;
        }
    }
}
