namespace OriginGuard;

/// <summary>
/// The claim types of a user whom Identity-Aware Proxy signed in. The subject is also issued as
/// <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, the email as <see cref="System.Security.Claims.ClaimTypes.Email"/>, and
/// <c>User.Identity.Name</c> (<see cref="System.Security.Claims.ClaimTypes.Name"/>) is the email, or the subject where there is no email.
/// </summary>
public static class IapClaimTypes
{
    /// <summary>
    /// <c>sub</c>: the stable, unique id of the user, with its prefix, such as <c>accounts.google.com:118…</c>. Key accounts by this one.
    /// </summary>
    public const string Subject = "sub";

    /// <summary><c>email</c>: the address of the user; with the prefix of <c>sub</c> for an identity of Identity Platform. It can change, and be given to somebody else.</summary>
    public const string Email = "email";

    /// <summary><c>hd</c>: the Google Workspace domain of the account. Absent for other accounts.</summary>
    public const string HostedDomain = "hd";

    /// <summary>
    /// <c>google.access_levels</c>: one claim for each access level that the request met, such as
    /// <c>accessPolicies/123/accessLevels/office</c>.
    /// </summary>
    public const string AccessLevel = "google.access_levels";

    /// <summary><c>google.device_id</c>: the id of the device, where the access policy knows one.</summary>
    public const string DeviceId = "google.device_id";

    /// <summary><c>identity_source</c>: who knows the user, such as <c>WORKFORCE_IDENTITY_FEDERATION</c>. Absent for most accounts.</summary>
    public const string IdentitySource = "identity_source";

    /// <summary><c>workforce_identity.iam_principal</c>: the principal of a workforce identity, such as <c>principal://iam.googleapis.com/…/subject/…</c>.</summary>
    public const string WorkforcePrincipal = "workforce_identity.iam_principal";

    /// <summary><c>workforce_identity.workforce_pool_name</c>: the workforce pool that the user comes from.</summary>
    public const string WorkforcePool = "workforce_identity.workforce_pool_name";

    /// <summary>
    /// <c>additional_claims.</c>, before the name of an attribute that IAP was set up to sign (attribute propagation into the JWT): one claim for each of
    /// its values. <c>User.FindAll(IapClaimTypes.AttributePrefix + "groups")</c> finds the groups. The unsigned headers <c>x-goog-iap-attr-</c>… are no claims.
    /// </summary>
    public const string AttributePrefix = "additional_claims.";

    /// <summary>
    /// <c>gcip</c>: what Identity Platform says of an external identity, as JSON. Each text, number and truth value in it is a claim of its
    /// own too, named by its path: <c>gcip.email_verified</c>, <c>gcip.firebase.sign_in_provider</c>; an array gives one claim per element.
    /// Members whose own name has a dot are found in the JSON only, so that no path can be imitated.
    /// </summary>
    public const string Gcip = "gcip";

    /// <summary><c>gcip.firebase.tenant</c>: the Identity Platform tenant of an external identity.</summary>
    public const string GcipTenant = "gcip.firebase.tenant";
}
