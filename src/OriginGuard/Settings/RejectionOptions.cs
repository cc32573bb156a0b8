using System.Text.Json.Serialization;

namespace OriginGuard;

/// <summary>How a request that is not admitted is answered: section <c>OriginGuard:Rejection</c>.</summary>
public sealed class RejectionOptions
{
    /// <summary>The status of a refused request. 403 by default; 400 to 499. An undetermined one always answers 503.</summary>
    public int StatusCode { get; set; } = 403;

    /// <summary>
    /// Puts the reason code into the problem details. False by default, but true in the Development environment: a reason helps who configures
    /// the load balancer, and who attacks the origin.
    /// </summary>
    public bool? IncludeReason { get; set; }

    /// <summary>
    /// Puts a sealed reference into the problem details (member <c>reference</c>) and the log: what each layer said of the request, the peer, the path without its query,
    /// the time and the machine, readable only with the key. <c>originguard explain</c> and the diagnostics page open it. By default on where a key is given, and off
    /// where none is. True without a key: the key is made by the process, whose diagnostics page alone opens the references until it ends.
    /// </summary>
    public bool? IncludeReference { get; set; }

    /// <summary>
    /// What references are sealed with: 16 to 1024 visible ASCII characters, by the rules of a shared secret, and none of the secrets. None by default. Origins with the
    /// same key can open each other's references. JSON of the options leaves it out.
    /// </summary>
    [JsonIgnore]
    public string? ReferenceKey { get; set; }

    /// <summary>
    /// A file that holds the key and nothing else, in the place of <see cref="ReferenceKey"/>. None by default. It is read at the start and with each change of the
    /// configuration.
    /// </summary>
    public string? ReferenceKeyFile { get; set; }

    /// <summary>Drops the connection of a refused request, or over HTTP/2 and HTTP/3 its stream, instead of answering it. False by default.</summary>
    public bool Abort { get; set; }

    internal bool HasReferenceKey => !string.IsNullOrEmpty(ReferenceKey) || !string.IsNullOrEmpty(ReferenceKeyFile);
}
