using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OriginGuard.TestKit;

namespace OriginGuard.Tests.Configuration;

/// <summary>
/// What a configuration file may say, and who may be let in by it: the rules of the documentation written down a second time, as shortly as they can be.
/// Null: the key is not there.
/// </summary>
internal sealed record ModelReading(
    string? Mode, string? Platform, string[]? Records, string[]? Networks, string? SecretMode, string[]? Secrets, bool HasExemption, string[]? ExemptPeers, string Flaw)
{
    public const string Probe = "/probe";

    private const string A = "203.0.113.0/24";
    private const string B = "192.0.2.0/24";
    private const string None = "none";
    private const string Mistake = "a mistake";
    private const string Broken = "no JSON";

    /// <summary>Two networks, one secret, nothing else.</summary>
    public static ModelReading First { get; } = new(null, null, [], [A, B], null, [GuardedApp.Secret], false, null, None);

    /// <summary>Absent and present, narrower and wider, broken and with a mistake, each key on its own.</summary>
    public static Gen<ModelReading> Any { get; } =
        from mode in Gen.Elements<string?>(null, null, null, "Enforce", "ReportOnly")
        from platform in Gen.Elements<string?>(null, null, null, "InternetNeg", "GoogleCloudBackend")
        from records in Gen.Elements<string[]?>(null, [], [], [SourceAddressOptions.GoogleRecordName])
        from networks in Gen.Elements<string[]?>(null, [], [A], [B], [A, B])
        from secretMode in Gen.Elements<string?>(null, null, null, "Enforce", "Disabled")
        from secrets in Gen.Elements<string[]?>(null, [GuardedApp.Secret], [GuardedApp.PreviousSecret], [GuardedApp.Secret, GuardedApp.PreviousSecret])
        from hasExemption in Gen.Elements(true, false)
        from exemptPeers in Gen.Elements<string[]?>(null, [], [B], [A, B])
        from flaw in Gen.Elements(None, None, None, None, None, Mistake, Broken)
        select new ModelReading(mode, platform, records, networks, secretMode, secrets, hasExemption, hasExemption ? exemptPeers : null, flaw);

    private bool IsRecordAsked => Records is { Length: > 0 } || (Records is null && Platform is not "GoogleCloudBackend");

    private string[] AllNetworks => Networks ?? (Platform is "GoogleCloudBackend" ? ["35.191.0.0/16", "130.211.0.0/22"] : []);

    private bool IsAddressOn => IsRecordAsked || AllNetworks.Length > 0;

    private bool IsSecretOn => Secrets is not null && SecretMode is not "Disabled";

    /// <summary>What is in force once this one has been read while the other one was.</summary>
    public ModelReading After(ModelReading inForce) => Flaw != None || !(IsAddressOn || IsSecretOn) || (Secrets is null && SecretMode is "Enforce") || Loses(inForce) ? inForce : this;

    /// <summary>Whether a request has to be let in, and whether it may be: a record that is new needs an answer of DNS first.</summary>
    public (bool Must, bool May) Judge(ModelRequest request)
    {
        if (Mode is "ReportOnly" || (HasExemption && request.Path == Probe && (ExemptPeers is null or [] || IsIn(ExemptPeers, request.Peer))))
        {
            return (true, true);
        }

        var isSecretRight = !IsSecretOn || Secrets!.Contains(request.Secret, StringComparer.Ordinal); // on: there are some
        var isNetworkRight = !IsAddressOn || IsIn(AllNetworks, request.Peer);
        return (isSecretRight && isNetworkRight, isSecretRight && (isNetworkRight || (IsRecordAsked && request.Peer == ModelRequest.InRecord)));
    }

    /// <summary>The file that says it.</summary>
    public string ToJson()
    {
        Dictionary<string, object?> address = Present(("RecordNames", Records), ("Networks", Networks));
        Dictionary<string, object?> secret = Present(("Mode", SecretMode), ("Secrets", Secrets));
        Dictionary<string, object?> exemption = Present(("Path", Probe), ("Networks", ExemptPeers));
        var guard = Present(
            ("Mode", Mode), ("Platform", Platform), ("SourceAddress", address.Count > 0 ? address : null), ("SharedSecret", secret.Count > 0 ? secret : null),
            ("Exemptions", HasExemption ? new[] { exemption } : null), ("Rejection", Flaw == Mistake ? new { StatusCode = 200 } : null));
        var json = JsonSerializer.Serialize(new { OriginGuard = guard });
        return Flaw == Broken ? json[..^2] : json;
    }

    public override string ToString() => ToJson();

    private static Dictionary<string, object?> Present(params (string Key, object? Value)[] settings) =>
        settings.Where(static setting => setting.Value is not null).ToDictionary(static setting => setting.Key, static setting => setting.Value);

    private static bool IsIn(string[] networks, string peer) => networks.Any(network => System.Net.IPNetwork.Parse(network).Contains(System.Net.IPAddress.Parse(peer)));

    /// <summary>What the one in force had said is not there, and the default is something else.</summary>
    private bool Loses(ModelReading inForce) =>
        (inForce.Platform is not (null or "InternetNeg") && Platform is null)
        || (inForce.Records is not null && Records is null && inForce.IsRecordAsked != IsRecordAsked)
        || (inForce.Networks is not null && Networks is null && !inForce.AllNetworks.SequenceEqual(AllNetworks))
        || (inForce.Secrets is not null && Secrets is null && SecretMode is not "Disabled")
        || (inForce is { HasExemption: true, ExemptPeers.Length: > 0 } && HasExemption && ExemptPeers is null);
}
