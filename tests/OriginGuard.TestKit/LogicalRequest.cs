using System.Text;

namespace OriginGuard.TestKit;

/// <summary>A request as it is meant: it reaches the guard in many spellings, and every one of them deserves the same verdict.</summary>
/// <param name="IsFromLoadBalancer">Whether the peer is one that the guard admits.</param>
/// <param name="Secrets">The values of the secret header, in order, whatever lines they stand in.</param>
/// <param name="ForwardedFor">The entries of X-Forwarded-For, in order, whatever lines they stand in.</param>
/// <param name="LookAlike">A header that looks like the secret header, if one is sent.</param>
public sealed record LogicalRequest(bool IsFromLoadBalancer, string[] Secrets, string[] ForwardedFor, string? LookAlike)
{
    public const string Header = "X-Origin-Guard";

    /// <summary>What the guard has to be told to admit.</summary>
    public const string Network = "127.50.0.0/16";

    private static readonly string[] SecretValues =
        [GuardedApp.Secret, GuardedApp.Secret, GuardedApp.PreviousSecret, "", "a-guess-that-is-long-enough-0000", GuardedApp.Secret + "x", GuardedApp.Secret.ToUpperInvariant()];

    private static readonly string[] LookAlikes = ["X_Origin_Guard", "X-Origin_Guard", "x_origin-guard"];

    private static readonly Dictionary<string, string> Entries = new()
    {
        ["127.50.1.1"] = "admitted",
        ["127.50.255.255"] = "admitted",
        ["127.51.0.0"] = "address.outside_ranges",
        ["203.0.113.9"] = "address.outside_ranges",
        ["2001:db8::7"] = "address.outside_ranges",
        [""] = "address.forwarded_for_invalid",
        ["unknown"] = "address.forwarded_for_invalid",
        ["127.50.1.1:443"] = "address.forwarded_for_invalid",
        ["127.050.1.1"] = "address.forwarded_for_invalid",
    };

    /// <summary>A request at random: none, one or several of everything.</summary>
    public static LogicalRequest Draw(Random random) => new(
        random.Next(4) > 0,
        random.GetItems(SecretValues, Math.Max(1, random.Next(5) - 1) * Math.Min(1, random.Next(8))),
        random.GetItems([.. Entries.Keys, .. Enumerable.Repeat(Entries.Keys.First(), Entries.Count)], random.Next(4)),
        random.Next(10) == 0 ? random.GetItems(LookAlikes, 1)[0] : null);

    /// <summary>The verdict that it deserves: <c>admitted</c> or the code of the reason. The address comes from the peer, or from the last entry of X-Forwarded-For.</summary>
    public string Deserves(bool byForwardedFor)
    {
        var address = !byForwardedFor ? (IsFromLoadBalancer ? "admitted" : "address.outside_ranges")
            : ForwardedFor is [.., var last] ? Entries[last]
            : "address.forwarded_for_invalid";
        return LookAlike is not null ? "headers.smuggled"
            : address != "admitted" ? address
            : Secrets.Length > 1 ? "secret.multiple"
            : Secrets is [] or [""] ? "secret.missing"
            : Secrets[0] is GuardedApp.Secret or GuardedApp.PreviousSecret ? "admitted"
            : "secret.mismatch";
    }

    /// <summary>One way to write it: names in any case, values in one line or several, blanks where they mean nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Spell(Random random)
    {
        List<KeyValuePair<string, string>> lines =
            [.. Lines(Header, Secrets, random), .. Lines("X-Forwarded-For", ForwardedFor, random)];
        if (LookAlike is not null)
        {
            lines.Insert(random.Next(lines.Count + 1), new(AnyCase(LookAlike, random), GuardedApp.Secret));
        }

        return lines;
    }

    private static IEnumerable<KeyValuePair<string, string>> Lines(string name, string[] values, Random random)
    {
        for (var i = 0; i < values.Length;)
        {
            var line = new StringBuilder(values[i++]);
            while (i < values.Length && random.Next(2) == 0)
            {
                line.Append(random.GetItems([",", ", ", " ,", "\t,  "], 1)[0]).Append(values[i++]);
            }

            yield return new(AnyCase(name, random), line.ToString());
        }
    }

    private static string AnyCase(string name, Random random) =>
        string.Concat(name.Select(letter => random.Next(2) == 0 ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter)));

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(IsFromLoadBalancer ? "from the load balancer" : "from a stranger")
            .Append($", secrets [{string.Join('|', Secrets)}], X-Forwarded-For [{string.Join('|', ForwardedFor)}], look-alike {LookAlike ?? "none"}");
        return true;
    }
}
