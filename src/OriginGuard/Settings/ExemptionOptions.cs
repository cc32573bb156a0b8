using System.ComponentModel;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using OriginGuard.ForeignText;

namespace OriginGuard;

/// <summary>A path that the guard lets through without asking: an element of <c>OriginGuard:Exemptions</c>.</summary>
public sealed class ExemptionOptions
{
    /// <summary>
    /// The exact path, with its first slash; case and slashes count, and an encoded, doubled or trailing-slash variant is another path.
    /// Required.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// Peers for which the exemption holds, as <see cref="SourceAddressOptions.From"/> finds them. Empty, the default: all. A network of every address (a prefix length of 0) is a mistake.
    /// </summary>
    [ConfigurationKeyName("Networks:Parsed")]
    [JsonConverter(typeof(NetworksJsonConverter))]
    public IPNetwork[] Networks { get; set; } = [];

    /// <summary>
    /// For the framework's configuration binder, which cannot read a network: the texts of the key <c>Networks</c> become <see cref="Networks"/>. Always null.
    /// </summary>
    [ConfigurationKeyName(nameof(Networks))]
    [EditorBrowsable(EditorBrowsableState.Never)]
    [JsonIgnore]
    public string[]? NetworkTexts
    {
        get => null;
        set => Networks = value is null ? Networks : StrictNetwork.ReadAll(value);
    }
}
