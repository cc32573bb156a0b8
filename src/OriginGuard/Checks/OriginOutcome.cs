namespace OriginGuard;

/// <summary>The decision about a request.</summary>
public enum OriginOutcome
{
    /// <summary>The guard cannot tell: no usable ranges or no IAP keys. Answered with 503 and <c>Retry-After</c>.</summary>
    Undetermined,

    /// <summary>A layer that is on did not let the request in. Answered with <see cref="RejectionOptions.StatusCode"/>.</summary>
    Refused,

    /// <summary>Every layer that is on let the request in.</summary>
    Admitted,

    /// <summary>The guard was not asked: the endpoint or its path is exempt, or the guard as a whole is <see cref="LayerMode.Disabled"/>.</summary>
    Exempted,
}
