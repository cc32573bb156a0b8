using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OriginGuard.Testing;

/// <summary>
/// Signs assertions as Identity-Aware Proxy does, with a key of its own that lives as long as this object. Publish the other half with
/// <see cref="IapKeyEndpoint"/>, or serve <see cref="KeySet"/> yourself, and point <c>Iap:KeysUri</c> at it. Safe to use from several
/// threads.
/// </summary>
public sealed class IapAssertionIssuer : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FarOff = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly List<(string Id, ECDsa Key)> _keys = [];
    private bool _isDisposed;

    /// <summary>Makes an issuer with one key.</summary>
    /// <param name="timeProvider">The clock of the assertions; that of the system when it is left out.</param>
    public IapAssertionIssuer(TimeProvider? timeProvider = null)
    {
        _time = timeProvider ?? TimeProvider.System;
        Rotate();
    }

    /// <summary>The id of the key that signs now.</summary>
    public string KeyId
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _keys[^1].Id;
            }
        }
    }

    /// <summary>The public keys as a JWK set.</summary>
    public string KeySet
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                JsonNode[] keys = [.. _keys.Select(key => Describe(key.Id, key.Key))];
                return new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();
            }
        }
    }

    /// <summary>
    /// Signs with a new key from now on. A guard fetches the keys for an id that it does not know, but not within ten seconds of the system's clock after its last fetch: until then
    /// a request with the new key gets 403 (<c>iap.unknown_key</c>). Send one and wait for the fetch with <see cref="IapKeyEndpoint.WaitForFetchesAsync"/>, or rotate before the
    /// application starts.
    /// </summary>
    /// <param name="keepFormerKeys">Whether <see cref="KeySet"/> still lists the keys before it, as Google's does for a while.</param>
    public void Rotate(bool keepFormerKeys = false)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!keepFormerKeys)
            {
                DisposeKeys();
            }

            _keys.Add((Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(6)), ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        }
    }

    /// <summary>Issues an assertion: valid for ten minutes from now, or wrong in one known way.</summary>
    /// <param name="audience">The <c>aud</c> claim, such as <c>/projects/123456789/global/backendServices/987654321</c>.</param>
    /// <param name="identity">Whom it names; a made-up Google account when it is left out.</param>
    /// <param name="kind">What is wrong with it.</param>
    /// <returns>The value of the header <c>x-goog-iap-jwt-assertion</c>.</returns>
    public string Issue(string audience, IapIdentity? identity = null, IapAssertionKind kind = IapAssertionKind.NotSet)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        var issued = _time.GetUtcNow() + kind switch
        {
            IapAssertionKind.FutureIssue => FarOff,
            IapAssertionKind.PastExpiration => -FarOff,
            _ => TimeSpan.Zero,
        };
        var claims = new JsonObject
        {
            ["iss"] = kind is IapAssertionKind.Issuer ? "https://issuer.example" : IapDefaults.Issuer,
            ["aud"] = kind is IapAssertionKind.Audience ? "/projects/0/apps/another" : audience,
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (issued + Lifetime).ToUnixTimeSeconds(),
        };
        AddIdentity(claims, identity ?? new IapIdentity());
        var token = Sign(claims.ToJsonString());
        return kind is IapAssertionKind.Signature ? Spoil(token) : token;
    }

    /// <summary>Signs claims as they are, for the mistakes that <see cref="IapAssertionKind"/> does not list.</summary>
    /// <param name="payload">The claims. Nothing looks at them: they need not be JSON.</param>
    /// <param name="header">The header; that of ES256 with the current key when it is left out.</param>
    /// <returns>The compact JWT.</returns>
    public string Sign(string payload, string? header = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var (id, key) = _keys[^1];
            header ??= new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = id }.ToJsonString();
            var signed = $"{Encode(header)}.{Encode(payload)}";
            return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            DisposeKeys();
        }
    }

    private static void AddIdentity(JsonObject claims, IapIdentity identity) => Add(
        claims,
        ("sub", identity.Subject),
        ("email", identity.Email),
        ("hd", identity.HostedDomain),
        ("google", Members(("access_levels", Texts(identity.AccessLevels)), ("device_id", identity.DeviceId))),
        ("identity_source", identity.IdentitySource),
        ("workforce_identity", Members(("iam_principal", identity.WorkforcePrincipal), ("workforce_pool_name", identity.WorkforcePool))),
        ("additional_claims", Members([.. identity.Attributes.Select(static attribute => (attribute.Key, (JsonNode?)All(attribute.Value)))])),
        ("gcip", identity.Gcip is null ? null : JsonNode.Parse(identity.Gcip)));

    /// <summary>Null leaves one out.</summary>
    private static void Add(JsonObject claims, params (string Name, JsonNode? Value)[] members)
    {
        foreach (var (name, value) in members.Where(static member => member.Value is not null))
        {
            claims[name] = value;
        }
    }

    /// <summary>Null where none of them is there.</summary>
    private static JsonObject? Members(params (string Name, JsonNode? Value)[] members)
    {
        var all = new JsonObject();
        Add(all, members);
        return all.Count > 0 ? all : null;
    }

    private static JsonArray? Texts(IReadOnlyList<string> texts) => texts.Count > 0 ? All(texts) : null;

    private static JsonArray All(IReadOnlyList<string> texts) => new([.. texts.Select(static text => JsonValue.Create(text))]);

    /// <summary>Another first byte of r, so that the signature keeps its form and loses its truth.</summary>
    private static string Spoil(string token)
    {
        var dot = token.LastIndexOf('.');
        var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        signature[0] ^= 1;
        return token[..(dot + 1)] + Base64Url.EncodeToString(signature);
    }

    private static JsonObject Describe(string id, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["kid"] = id,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private void DisposeKeys()
    {
        foreach (var (_, key) in _keys)
        {
            key.Dispose();
        }

        _keys.Clear();
    }
}
