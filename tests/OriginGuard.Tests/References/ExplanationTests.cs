using System.Net;
using OriginGuard.Checks;
using OriginGuard.References;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests.References;

public sealed class ExplanationTests
{
    private static IEnumerable<RefusalReason> Reasons => Enum.GetValues<RefusalReason>().Where(static reason => reason is not RefusalReason.None);

    [Theory]
    [InlineData("35.191.3.4", false, "front ends or health checks for VM and GKE")]
    [InlineData("130.211.1.1", true, "front ends or health checks for VM and GKE")]
    [InlineData("34.97.1.1", true, "knows the secret")]
    [InlineData("127.0.0.1", true, "proxy on this machine")]
    [InlineData("10.1.2.3", true, "proxy of your own network")]
    [InlineData("127.0.0.1", false, "program on this machine")]
    [InlineData("::1", false, "program on this machine")]
    [InlineData("192.168.1.1", false, "machine of your own network")]
    [InlineData("fd00::1", false, "machine of your own network")]
    [InlineData("169.254.1.1", false, "If this is Cloud Run")]
    [InlineData("169.254.1.1", true, "If this is Cloud Run")]
    [InlineData("10.129.0.5", true, "proxy-only subnet")]
    [InlineData("10.129.0.5", false, "proxy-only subnet")]
    [InlineData("8.8.8.8", false, "around the load balancer")]
    [InlineData("2a00::1", false, "around the load balancer")]
    [InlineData(null, false, "around the load balancer")]
    public void An_address_outside_the_ranges_has_its_cause_by_who_sits_there_and_what_he_knows(string? peer, bool hasSecret, string cause) =>
        Assert.Contains(cause, LikelyCause.Of(Refused(RefusalReason.AddressOutsideRanges, peer, inRanges: false, hasSecret)), StringComparison.Ordinal);

    /// <summary>Nothing but a secret tells the load balancer from everybody else, once the address has refused it.</summary>
    [Theory]
    [InlineData(nameof(LayerState.Off), nameof(LayerState.Unverified), true)]
    [InlineData(nameof(LayerState.Off), nameof(LayerState.NotAdmitted), false)]
    [InlineData(nameof(LayerState.NotAdmitted), nameof(LayerState.Unverified), false)]
    public void Without_a_secret_a_new_range_looks_as_a_stranger_does(string secret, string assertion, bool mayBeTheLoadBalancer)
    {
        var record = Refused(
            RefusalReason.AddressOutsideRanges, "8.8.8.8", [Said(admitted: false, RefusalReason.AddressOutsideRanges), new(Enum.Parse<LayerState>(secret)), new(Enum.Parse<LayerState>(assertion))]);

        Assert.Equal(mayBeTheLoadBalancer, LikelyCause.Of(record).Contains("your load balancer from a new range", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RefusalReason.SecretMissing, true, "not on the backend service")]
    [InlineData(RefusalReason.SecretMissing, false, "around the load balancer")]
    [InlineData(RefusalReason.SecretMismatch, true, "rotation that is half done")]
    [InlineData(RefusalReason.SecretMismatch, false, "Somebody guesses")]
    [InlineData(RefusalReason.IapMissing, true, "IAP is off")]
    [InlineData(RefusalReason.IapMissing, false, "did not come through")]
    public void A_layer_that_admitted_tells_causes_apart(RefusalReason reason, bool isTheLoadBalancer, string cause) =>
        Assert.Contains(cause, LikelyCause.Of(Refused(reason, "34.96.1.1", isTheLoadBalancer, isTheLoadBalancer)), StringComparison.Ordinal);

    /// <summary>Back ends inside Google Cloud are probed from the networks by which their load balancer comes.</summary>
    [Theory]
    [InlineData(RefusalReason.SecretMissing, "35.191.3.4", true, "GET", "/healthz", true)]
    [InlineData(RefusalReason.SecretMissing, "130.211.1.1", true, "GET", "/healthz", true)]
    [InlineData(RefusalReason.SecretMissing, "130.211.1.1", true, "POST", "/grpc.health.v1.Health/Check", true)]
    [InlineData(RefusalReason.IapMissing, "35.191.3.4", true, "GET", "/", true)]
    [InlineData(RefusalReason.SecretMissing, "35.191.3.4", true, "DELETE", "/orders/7", false)]
    [InlineData(RefusalReason.SecretMissing, "35.191.3.4", false, "GET", "/healthz", false)]
    [InlineData(RefusalReason.IapMissing, "35.191.3.4", false, "GET", "/healthz", false)]
    [InlineData(RefusalReason.SecretMissing, "34.96.1.1", true, "GET", "/healthz", false)]
    public void A_probe_of_Google_is_thought_of_where_it_may_be_one(RefusalReason reason, string peer, bool inRanges, string method, string path, bool expected) => Assert.Equal(
        expected,
        LikelyCause.Of(Refused(reason, peer, inRanges, hasSecret: false, method, path)).EndsWith(
            " Or it is Google's health check, which never carries one: then exempt the path that it calls.", StringComparison.Ordinal));

    [Fact]
    public void Who_knows_the_secret_is_no_probe() => Assert.DoesNotContain(
        "health", LikelyCause.Of(Refused(RefusalReason.IapMissing, "35.191.3.4", inRanges: true, hasSecret: true)), StringComparison.Ordinal);

    [Fact]
    public void Every_reason_has_a_cause_a_first_step_and_a_page() => Assert.All(Reasons, static reason =>
    {
        var explanation = Explanation.Of(ReferenceKeyTests.Record(reason));

        Assert.NotEqual("Unknown to this version.", explanation.Cause);
        Assert.True(explanation.FirstStep.Length > 10);
        Assert.Equal($"docs/troubleshooting.md#{reason.ToCode().Replace('.', '-').Replace('_', '-')}", explanation.Page);
        Assert.Equal(reason.ToCode(), explanation.Reason);
    });

    [Fact]
    public void The_first_steps_are_those_of_the_package_s_README()
    {
        var rows = Repository.Read("src/OriginGuard/README.md").Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal) || line.StartsWith("| another `iap.`", StringComparison.Ordinal))
            .Select(static line => line.Split('|')).ToList();
        var others = rows.Single(static row => row[1].Contains("another", StringComparison.Ordinal))[2].Trim();

        Assert.All(Reasons, reason => Assert.Equal(
            rows.SingleOrDefault(row => row[1].Contains($"`{reason.ToCode()}`", StringComparison.Ordinal))?[2].Trim() ?? others, FirstStep.Of(reason)));
    }

    [Fact]
    public void What_a_caller_wrote_is_fit_for_a_terminal()
    {
        var explanation = Explanation.Of(ReferenceKeyTests.Record(path: "/a\u001b[2J\nforged: line\u202e", method: "G\u0007T"));

        Assert.Equal("G?T /a?[2J?forged: line?", explanation.Request);
    }

    [Fact]
    public void What_is_not_there_is_called_so_and_what_was_cut_is_marked()
    {
        var explanation = Explanation.Of(new RefusalRecord
        {
            Time = DateTimeOffset.UnixEpoch,
            Reason = RefusalReason.AddressUnknown,
            Peer = null,
            Method = "GET",
            Path = $"/{new string('a', 53)}",
            Instance = "origin",
            Layers = [new(LayerState.Admitted), new(LayerState.NotAdmitted, RefusalReason.AddressUnknown, IsMild: true), new(LayerState.Unverified), new(LayerState.Off)],
        });

        Assert.Equal(("(no address)", $"GET /{new string('a', 53)}..."), (explanation.Peer, explanation.Request));
        Assert.Equal(
            ["admitted", "refused: address.unknown (only reports)", "there, not verified: another layer had decided", "off"], explanation.Layers.Select(static layer => layer.Said));
        Assert.Equal([false, true, false, false], explanation.Layers.Select(static layer => layer.IsDecisive));
        Assert.Equal("Unknown to this version.", LikelyCause.Of(ReferenceKeyTests.Record((RefusalReason)250)));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("  \"{0}\"\n")]
    [InlineData("{{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"reference\":\"{0}\"}}")]
    [InlineData("A request from peer 203.0.113.66 was refused: secret.missing. What to do: docs/troubleshooting.md#secret-missing or originguard explain {0}")]
    [InlineData("My reference is\n{0}\nThanks")]
    [InlineData("What to do: docs/troubleshooting.md#secret-missing or originguard explain {0}\nwarn: OriginGuard.Guard.RequestGuard[4013]")]
    public void Finds_the_reference_in_what_was_copied(string around)
    {
        var reference = ReferenceKey.OfThisProcess().Seal(ReferenceKeyTests.Record());

        Assert.Equal(reference, ReferenceText.Find(string.Format(System.Globalization.CultureInfo.InvariantCulture, around, reference)));
        Assert.Equal(reference, ReferenceText.Find($"{reference[..70]}\n{reference[70..140]}\r\n> {reference[140..]}"));
        Assert.Null(ReferenceText.Find(reference[1..]));
        Assert.Null(ReferenceText.Find($"{reference}A"));
    }

    private static RefusalRecord Refused(RefusalReason reason, string? peer, bool inRanges, bool hasSecret, string method = "GET", string path = "/") =>
        Refused(reason, peer, [Said(inRanges, RefusalReason.AddressOutsideRanges), Said(hasSecret, RefusalReason.SecretMissing), new(LayerState.Off)], method, path);

    private static RefusalRecord Refused(RefusalReason reason, string? peer, LayerRecord[] behindHeaders, string method = "GET", string path = "/") => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Reason = reason,
        Layers = [new(LayerState.Admitted), .. behindHeaders],
        Peer = peer is null ? null : IPAddress.Parse(peer),
        Method = method,
        Path = path,
        Instance = "origin",
    };

    private static LayerRecord Said(bool admitted, RefusalReason reason) => admitted ? new(LayerState.Admitted) : new(LayerState.NotAdmitted, reason);
}
