using System.Buffers.Text;
using System.Text;
using OriginGuard.Sample.Simulated;
using OriginGuard.Testing;

namespace OriginGuard.Sample.Attempts;

/// <summary>Fills the words in braces of an attempt: as they are, for the wire, and with the secret and the assertions in words, for people.</summary>
internal sealed class AttemptWords(Simulation simulation)
{
    private const string MaskedSecret = "(the right secret)";

    private static readonly (string Word, IapAssertionKind Kind, string Masked)[] Assertions =
    [
        ("{valid}", IapAssertionKind.NotSet, "(a valid assertion)"),
        ("{forged}", IapAssertionKind.Signature, "(an assertion with a forged signature)"),
        ("{foreign}", IapAssertionKind.Issuer, "(an assertion of another issuer)"),
        ("{other}", IapAssertionKind.Audience, "(an assertion for another service)"),
        ("{expired}", IapAssertionKind.PastExpiration, "(an assertion that expired)"),
        ("{future}", IapAssertionKind.FutureIssue, "(an assertion from the future)"),
    ];

    /// <summary>As it goes over the wire.</summary>
    public string Spell(string line)
    {
        var text = Fill(line).Replace("{secret}", simulation.Secret);
        foreach (var (word, kind, _) in Assertions.Where(assertion => line.Contains(assertion.Word, StringComparison.Ordinal)))
        {
            text.Replace(word, simulation.Assertion(kind));
        }

        return line.Contains("{unsigned}", StringComparison.Ordinal) ? text.Replace("{unsigned}", Unsign(simulation.Assertion(IapAssertionKind.NotSet))).ToString() : text.ToString();
    }

    /// <summary>As people may see it.</summary>
    public string Tell(string line)
    {
        var text = Fill(line).Replace("{secret}", MaskedSecret).Replace("{unsigned}", "(an assertion without a signature)");
        foreach (var (word, _, masked) in Assertions)
        {
            text.Replace(word, masked);
        }

        return text.ToString();
    }

    /// <summary>A text from outside, in which the secret should not stand and must not show.</summary>
    public string Mask(string text) => simulation.Secret.Length == 0 ? text : text.Replace(simulation.Secret, MaskedSecret, StringComparison.Ordinal);

    private static string Unsign(string assertion)
    {
        var claims = assertion.Split('.')[1];
        return $"{Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8)}.{claims}.";
    }

    private StringBuilder Fill(string line) => new StringBuilder(line)
        .Replace("{source}", simulation.Source.ToString())
        .Replace("{assertion}", "X-Goog-Iap-Jwt-Assertion")
        .Replace("{header}", simulation.SecretHeader)
        .Replace("{look-alike}", simulation.SecretHeader.Replace('-', '_'))
        .Replace("{guess}", new string('x', Math.Max(simulation.Secret.Length, 16)));
}
