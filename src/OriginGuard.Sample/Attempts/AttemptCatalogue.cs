using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Attempts;

/// <summary>The attempts of the page and of the walkthrough. There are no others: nobody can make the sample send a request of their own.</summary>
internal static class AttemptCatalogue
{
    private const string Secret = "{header}: {secret}";
    private const string Guess = "{header}: {guess}";

    private static readonly Attempt[] Always =
    [
        new("front-door", "Come in through the load balancer",
            "What every honest client does. The load balancer adds the secret and connects from its own address.",
            Way.ThroughLoadBalancer, Expectation.Admitted),
        new("overwritten-secret", "Send a secret through the front door",
            "The load balancer replaces what the client sent with the right value: the request is as good as any other.",
            Way.ThroughLoadBalancer, Expectation.Admitted) { Lines = [Guess] },
        new("look-alike", "Spell the header with underscores",
            "Some servers read X_Origin_Guard as X-Origin-Guard. The load balancer does not know it and lets it through; the guard does.",
            Way.ThroughLoadBalancer, Expectation.Refused("headers.smuggled")) { Lines = ["{look-alike}: {guess}"] },
        new("unknown-through", "Ask for a path that is not there",
            "The guard lets the request in, and the application has no /nowhere.",
            Way.ThroughLoadBalancer, new Expectation(404)) { Path = "/nowhere" },
        new("around", "Go around the load balancer",
            "Somebody found the origin's own address and connects to it directly, past every rule of the load balancer.",
            Way.Around, Expectation.Refused("address.outside_ranges")),
        new("spoofed-address", "Claim to be the load balancer",
            "The same, with X-Forwarded-For and its relatives naming one of Google's addresses. The guard reads the socket, not the claim.",
            Way.Around, Expectation.Refused("address.outside_ranges"))
        {
            Lines = ["X-Forwarded-For: {source}", "X-Real-IP: {source}", "Forwarded: for={source}"],
        },
        new("stolen-secret", "Bring the right secret along",
            "The secret has leaked. It opens nothing from an address that is not the load balancer's.",
            Way.Around, Expectation.Refused("address.outside_ranges")) { Lines = [Secret] },
        new("unknown-around", "Look for a forgotten file",
            "A scanner asks for /backup.zip. It does not learn whether that exists.",
            Way.Around, Expectation.Refused("address.outside_ranges")) { Path = "/backup.zip" },
        new("probe", "Ask for /healthz directly",
            "A health probe carries no secret, so this one path is exempt. It says ok and nothing else.",
            Way.Around, new Expectation(200)) { Path = "/healthz" },
        new("neighbour", "Rent the same load balancer",
            "The addresses are Google's, not yours: any customer can point a load balancer of their own at your origin. It has the address, and not the secret.",
            Way.FromItsAddress, Expectation.Refused("secret.missing")),
        new("guessed-secret", "Guess the secret",
            "From the right address, with a value that is as long as the secret and wrong.",
            Way.FromItsAddress, Expectation.Refused("secret.mismatch")) { Lines = [Guess] },
        new("empty-secret", "Send an empty secret",
            "Nothing is not a value, whatever it is compared with.",
            Way.FromItsAddress, Expectation.Refused("secret.missing")) { Lines = ["{header}:"] },
        new("two-secrets", "Send two secrets",
            "A guess on one line and the secret on another, in the hope that some reader takes only the one that suits.",
            Way.FromItsAddress, Expectation.Refused("secret.multiple")) { Lines = [Guess, Secret] },
        new("joined-secrets", "Join two secrets with a comma",
            "The same in one line, as a proxy in between might fold it.",
            Way.FromItsAddress, Expectation.Refused("secret.multiple")) { Lines = ["{header}: {guess},{secret}"] },
        new("dropped-header", "Ask to have the secret dropped",
            "A name in Connection tells the next hop to remove that header. Nobody honest asks this of the secret.",
            Way.FromItsAddress, Expectation.Refused("headers.smuggled")) { Lines = [Secret, "Connection: {header}"] },
    ];

    // Each of them but the last holds the right address and the right secret, so that only the assertion is left to decide.
    private static readonly Attempt[] WithSignIn =
    [
        new("signed-in", "Hold all three",
            "The right address, the right secret and a valid assertion: this is what the load balancer sends.",
            Way.FromItsAddress, Expectation.Admitted) { Lines = [Secret, "{assertion}: {valid}"] },
        new("not-signed-in", "Skip the sign-in",
            "No assertion, and headers without a signature that name somebody important instead.",
            Way.FromItsAddress, Expectation.Refused("iap.missing"))
        {
            Lines = [Secret, "X-Goog-Authenticated-User-Email: accounts.google.com:root@example.com"],
        },
        new("two-assertions", "Send two assertions",
            "A valid one on each of two lines. Exactly one is right.",
            Way.FromItsAddress, Expectation.Refused("iap.multiple")) { Lines = [Secret, "{assertion}: {valid}", "{assertion}: {valid}"] },
        new("unsigned-assertion", "Sign with nothing",
            "The algorithm none needs no key. Some verifiers believed it.",
            Way.FromItsAddress, Expectation.Refused("iap.algorithm")) { Lines = [Secret, "{assertion}: {unsigned}"] },
        new("forged-assertion", "Forge the signature",
            "The right words over a signature that is not Google's.",
            Way.FromItsAddress, Expectation.Refused("iap.signature")) { Lines = [Secret, "{assertion}: {forged}"] },
        new("foreign-issuer", "Have somebody else sign",
            "A good signature under the name of another issuer.",
            Way.FromItsAddress, Expectation.Refused("iap.issuer")) { Lines = [Secret, "{assertion}: {foreign}"] },
        new("other-audience", "Use the assertion of another service",
            "Valid, and issued for another application behind the same proxy.",
            Way.FromItsAddress, Expectation.Refused("iap.audience")) { Lines = [Secret, "{assertion}: {other}"] },
        new("expired-assertion", "Replay an old assertion",
            "It was valid an hour ago.",
            Way.FromItsAddress, Expectation.Refused("iap.expired")) { Lines = [Secret, "{assertion}: {expired}"] },
        new("future-assertion", "Come from the future",
            "It will be valid in an hour.",
            Way.FromItsAddress, Expectation.Refused("iap.issued_in_future")) { Lines = [Secret, "{assertion}: {future}"] },
        new("overwritten-assertion", "Send a forgery through the front door",
            "The load balancer drops what the client calls an assertion and adds its own.",
            Way.ThroughLoadBalancer, Expectation.Admitted) { Lines = ["{assertion}: {forged}"] },
    ];

    public static IReadOnlyList<Attempt> For(Simulation simulation)
    {
        IReadOnlyList<Attempt> attempts = simulation.SignsIn ? [.. Always.Concat(WithSignIn).OrderBy(static attempt => attempt.Way)] : Always;
        return simulation.HangsUp ? [.. attempts.Select(HangUp)] : attempts;
    }

    // The connection guard sees an address and no path: what goes around gets no answer, the exempt probe included.
    private static Attempt HangUp(Attempt attempt) => attempt.Way is Way.Around ? attempt with { Expected = Expectation.NoAnswer } : attempt;
}
