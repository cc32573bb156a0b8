using System.Text.Json.Serialization;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard;

/// <summary>
/// The secret that the load balancer adds to each request in a custom header: section <c>OriginGuard:SharedSecret</c>. The layer is on
/// when <see cref="Secrets"/> or <see cref="SecretFiles"/> has an element.
/// </summary>
public sealed class SharedSecretOptions : ILayerOptions
{
    /// <summary>Whether a missing or wrong secret refuses the request. <see cref="LayerMode.Enforce"/> by default.</summary>
    public LayerMode Mode { get; set; }

    /// <summary>
    /// The header that carries the secret. <c>X-Origin-Guard</c> by default. It must be a name that the load balancer accepts for a custom
    /// request header.
    /// </summary>
    public string HeaderName { get; set; } = "X-Origin-Guard";

    /// <summary>
    /// The valid values, current first; any of them admits, so that a rotation needs no outage. Empty by default. Each has 16 to 1024
    /// visible ASCII characters without comma, braces, quotes or blanks, and is no placeholder. A mistake is reported without the value, and JSON
    /// of the options leaves the values out.
    /// </summary>
    [JsonIgnore]
    public string[] Secrets { get; set; } = [];

    /// <summary>
    /// Files that hold one value each; a final line break is dropped. Empty by default. A changed file is in force within 15 seconds, or as <see cref="SecretFilesInterval"/> says. A
    /// file that is missing at start is a mistake; one that becomes empty or invalid later leaves its old value in force and is logged.
    /// </summary>
    public string[] SecretFiles { get; set; } = [];

    /// <summary>
    /// How often the files are read again. Five seconds by default; one second to one day. A changed file is in force that long after its change, and up to ten seconds more.
    /// Longer where each reading costs money, as with secrets that Cloud Run mounts.
    /// </summary>
    public TimeSpan SecretFilesInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes the header off the request, so that the application never sees the secret. True by default.</summary>
    public bool RemoveHeader { get; set; } = true;

    internal bool IsConfigured => Secrets.Length > 0 || SecretFiles.Length > 0;

    bool ILayerOptions.IsConfigured => IsConfigured;

    /// <summary>The header's name and how many secrets there are; never a secret.</summary>
    public override string ToString() =>
        $"{(HeaderNameRules.Problem(HeaderName) is null ? HeaderName : "(no header name)")}: {ShownText.Count(Secrets.Length, "secret")}, {ShownText.Count(SecretFiles.Length, "file")}";
}
