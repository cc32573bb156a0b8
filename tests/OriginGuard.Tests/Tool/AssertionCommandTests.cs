using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OriginGuard.Checks;
using OriginGuard.Iap;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.House;
using OriginGuard.Tests.Iap;
using OriginGuard.Tool.Assertion;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class AssertionCommandTests : IDisposable
{
    private const string Audience = IapWorld.Audience;

    private readonly ManualTimeProvider _time = new();
    private readonly IapAssertionIssuer _issuer;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("originguard-");

    public AssertionCommandTests()
    {
        _issuer = new IapAssertionIssuer(_time);
        File.WriteAllText(KeyFile, _issuer.KeySet);
    }

    private string KeyFile => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_valid_assertion_passes_every_check()
    {
        var run = await ExplainAsync(_issuer.Issue(Audience) + "\n", "--audience", Audience, "--keys", KeyFile);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith("valid\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("email: ada@example.com\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not checked", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("\"{0}\"\n")]
    [InlineData("'{0}'")]
    [InlineData("x-goog-iap-jwt-assertion: {0}\r\n")]
    [InlineData("Authorization: bearer {0}")]
    [InlineData("\uFEFF  {0}  ")]
    [InlineData("{1}")]
    public async Task What_somebody_copied_with_its_wrapping_is_understood(string copied)
    {
        var assertion = _issuer.Issue(Audience);
        var wrapped = string.Join("\r\n  ", assertion.Chunk(60).Select(static line => new string(line)));

        var run = await ExplainAsync(copied.Replace("{0}", assertion, StringComparison.Ordinal).Replace("{1}", wrapped, StringComparison.Ordinal), "--audience", Audience, "--keys", KeyFile);

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Fact]
    public async Task A_blank_inside_an_assertion_is_a_mistake_of_it()
    {
        var assertion = _issuer.Issue(Audience);

        var run = await ExplainAsync(assertion.Insert(20, " "), "--audience", Audience, "--keys", KeyFile);

        Assert.Equal(1, run.Code);
        Assert.Contains("the header is not strict base64url", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--audience", Audience)]
    [InlineData("--project-number", "123456789")]
    public async Task Without_the_keys_nothing_is_called_valid(params string[] arguments)
    {
        var run = await ExplainAsync(_issuer.Issue(Audience), arguments);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("not known to be valid; not checked: key, signature\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("claims, which anybody may have written", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_audience_nothing_is_called_valid()
    {
        var run = await ExplainAsync(_issuer.Issue(Audience), "--keys", KeyFile);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("not known to be valid; not checked: audience\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IapAssertionKind.FutureIssue, "iap.issued_in_future")]
    [InlineData(IapAssertionKind.PastExpiration, "iap.expired")]
    [InlineData(IapAssertionKind.Issuer, "iap.issuer")]
    [InlineData(IapAssertionKind.Audience, "iap.audience")]
    [InlineData(IapAssertionKind.Signature, "iap.signature")]
    public async Task What_is_wrong_is_named_with_what_was_expected(IapAssertionKind kind, string reason)
    {
        var run = await ExplainAsync(_issuer.Issue(Audience, kind: kind), "--audience", Audience, "--keys", KeyFile, "--json");

        using var json = JsonDocument.Parse(run.Output);
        var failed = json.RootElement.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("result").GetString() == "fail").ToList();
        Assert.Equal(1, run.Code);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(reason, json.RootElement.GetProperty("reason").GetString());
        Assert.Equal(reason, Assert.Single(failed).GetProperty("reason").GetString());
        Assert.NotEqual("", failed[0].GetProperty("expected").GetString());
    }

    [Fact]
    public async Task The_page_shows_what_is_printed()
    {
        var run = await ExplainAsync(_issuer.Issue("/projects/123456789/global/backendServices/11"), "--audience", Audience, "--keys", KeyFile);

        var printed = run.Output.Replace(_issuer.KeyId, "f1AbC2d3", StringComparison.Ordinal);
        Assert.Equal(
            """
            refused: iap.audience

            pass         header      one value
            pass         form        417 characters
            pass         algorithm   ES256
            pass         key         f1AbC2d3
            pass         signature   verified
            pass         issuer      https://cloud.google.com/iap
            fail         audience    /projects/123456789/global/backendServices/11
                                     expected: /projects/123456789/global/backendServices/987654321
            pass         expiry      2026-01-01T00:10:00Z
            pass         issue time  2026-01-01T00:00:00Z
            pass         lifetime    600 s
            pass         subject     accounts.google.com:118133858486581853996

            claims
              sub: accounts.google.com:118133858486581853996
              email: ada@example.com

            """,
            printed);
        Assert.Contains(printed.TrimEnd(), Repository.Read("docs/tool.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judges_as_of_another_time()
    {
        var token = _issuer.Issue(Audience);
        string[] rest = ["--audience", Audience, "--keys", KeyFile];

        Assert.Equal(0, (await ExplainAsync(token, ["--at", "2026-01-01T00:09:59Z", .. rest])).Code);
        Assert.Contains("refused: iap.expired", (await ExplainAsync(token, ["--at", "2026-01-01T00:11:00Z", .. rest])).Output, StringComparison.Ordinal);
        Assert.Contains("refused: iap.issued_in_future", (await ExplainAsync(token, ["--at", "1767225500", .. rest])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetches_the_keys_and_does_without_a_redirect()
    {
        await using var keys = await IapKeyEndpoint.StartAsync(_issuer, TestContext.Current.CancellationToken);
        string[] arguments = ["--audience", Audience, "--keys", keys.Uri.ToString()];

        Assert.Equal(0, (await ExplainAsync(_issuer.Issue(Audience), arguments)).Code);
        foreach (var behavior in new[] { IapKeyEndpointBehavior.Redirect, IapKeyEndpointBehavior.Oversize, IapKeyEndpointBehavior.Garbage, IapKeyEndpointBehavior.EmptySet, IapKeyEndpointBehavior.ServerError })
        {
            keys.Behavior = behavior;
            (await ExplainAsync(_issuer.Issue(Audience), arguments)).HasFailed();
        }
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_are_a_failure_and_no_verdict()
    {
        var file = Path.Combine(_folder.FullName, "bad");
        foreach (var text in new[] { "", "{}", """{"keys":[]}""", new string(' ', 70_000) })
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            (await ExplainAsync(_issuer.Issue(Audience), "--keys", file)).HasFailed();
        }

        (await ExplainAsync(_issuer.Issue(Audience), "--keys", file + "-missing")).HasFailed();
    }

    [Fact]
    public async Task Claims_cannot_speak_to_the_terminal()
    {
        var hostile = new IapIdentity { Subject = "a\u001b]0;x\u0007b\r\nvalid\n", Email = "\u202egro.elpmaxe@ada", Gcip = """{"k\u001b[2J":"v\u009b"}""" };

        foreach (var format in new[] { "--keys", "--json" })
        {
            var run = await ExplainAsync(_issuer.Issue(Audience + "\u001b[2J", hostile), format == "--json" ? ["--json"] : ["--keys", KeyFile, "--audience", Audience]);

            Assert.DoesNotContain(run.Output, sign => sign is (< ' ' and not '\n') or > '~');
            Assert.DoesNotContain("\nvalid", run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("a.b")]
    [InlineData("a,b")]
    [InlineData("....")]
    [InlineData("\0\0\0")]
    [InlineData("e30.e30.")]
    [InlineData("e30.W10.AA")]
    [InlineData("eyJjcml0IjpbXX0.e30.AA")]
    [InlineData("e30.e30.A")]
    public async Task Nonsense_is_explained_and_refused(string text)
    {
        var run = await ExplainAsync(text, "--keys", KeyFile, "--audience", Audience);

        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.StartsWith("refused: iap.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_with_more_values_than_the_guard_reads_is_named()
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"a","x":[{{string.Join(',', Enumerable.Repeat("0", 2000))}}]}"""));

        var run = await ExplainAsync($"{header}.e30.AA");

        Assert.Equal(1, run.Code);
        Assert.Contains("the header has more than ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_access_levels_are_shown_once_the_signature_holds()
    {
        var run = await ExplainAsync(_issuer.Issue(Audience, new IapIdentity { AccessLevels = ["accessPolicies/1/accessLevels/office"], HostedDomain = "example.com" }), "--keys", KeyFile, "--audience", Audience);

        Assert.Contains("google.access_levels: accessPolicies/1/accessLevels/office", run.Output, StringComparison.Ordinal);
        Assert.Contains("hd: example.com", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_no_file_of_an_assertion()
    {
        var run = await ToolRun.StartAsync("assertion", _folder.FullName);

        run.HasFailed();
        Assert.Contains("it is a directory, or this user may not read it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_keys_an_assertion_that_names_none_is_refused_all_the_same()
    {
        var run = await ExplainAsync(Forgeries.WithKeyId(""), "--audience", Audience);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("refused: iap.unknown_key", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://keys.example/", true)]
    [InlineData("http://127.0.0.1:5000/keys", true)]
    [InlineData("keys.json", true)]
    [InlineData("ftp://keys.example/", true)] // the name of a file that is not there
    [InlineData("https://user@keys.example/", false)]
    [InlineData("http://user@127.0.0.1/", false)]
    [InlineData("http://keys.example/", false)]
    public void Keys_come_from_a_file_or_from_an_address_that_nobody_on_the_way_can_answer_for(string source, bool isAcceptable) => Assert.Equal(isAcceptable, KeyInput.IsAcceptable(source));

    [Fact]
    public async Task No_more_is_read_than_an_assertion_can_have()
    {
        using var endless = new EndlessStream();

        var run = await ToolRun.StartAsync(["assertion", "-"], (output, error) => new ToolContext { Output = output, Error = error, OpenInput = () => endless });

        Assert.Equal(1, run.Code);
        Assert.Contains("more than 8192 characters", run.Output, StringComparison.Ordinal);
        Assert.True(endless.Taken <= 16 * 1024);
    }

    [Fact]
    public async Task The_assertion_itself_is_never_printed()
    {
        var token = _issuer.Issue(Audience);
        var file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, token, TestContext.Current.CancellationToken);

        ToolRun[] runs =
        [
            await ToolRun.StartAsync("assertion", file),
            await ToolRun.StartAsync("assertion", file, "--json"),
            await ToolRun.StartAsync("assertion", token),
            await ToolRun.StartAsync("assertion", "-", token),
            await ToolRun.StartAsync("assertion", "-", "--keys", token),
            await ToolRun.StartAsync("assertion", "-", "--audience", token + " x"),
            await ToolRun.StartAsync(token),
        ];

        Assert.All(runs, run => Assert.DoesNotContain(token.Split('.')[2][..20], run.Output + run.Error, StringComparison.Ordinal));
        Assert.All(runs, run => Assert.DoesNotContain(token.Split('.')[1][..20], run.Output + run.Error, StringComparison.Ordinal));
        Assert.Contains("never the assertion as an argument", runs[2].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comes_to_the_verifier_s_own_verdict_on_every_forgery()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (keys, _) = JwkSetReader.Read(Encoding.UTF8.GetBytes(world.Issuer.KeySet), known: null);
        string[] tokens =
        [
            .. Enum.GetValues<IapAssertionKind>().Select(kind => world.Issuer.Issue(Audience, kind: kind)),
            .. Forgeries.OfAlgorithm(world),
            Forgeries.WithKeyId("no-such-key"),
            Forgeries.WithKeyId(""),
            world.Issuer.Issue(Audience, IapIdentity.Anonymous),
            .. ClaimMistakes(world.Now).Select(claims => world.Issuer.Sign(claims)),
            "", "a,b", "x", ".", "..", new string('a', 9000),
        ];

        foreach (var token in tokens)
        {
            var expected = IapVerifier.Single(token, out _) is var single and not RefusalReason.None ? single : (await world.Verifier.VerifyAsync(token)).Reason;
            var examination = new AssertionExamination(token, world.Options, keys, world.Time.GetUtcNow());

            Assert.Equal(expected.ToCode(), examination.Reason.ToCode());
            Assert.Equal(expected is RefusalReason.None, examination.IsValid);
        }
    }

    // Every claim absent, at its limit, and beyond it.
    private static IEnumerable<string> ClaimMistakes(long now)
    {
        foreach (var issuer in new[] { "null", "\"\"", "\"https://cloud.google.com/iap\"" })
        {
            foreach (var (issued, expires) in new[] { (0L, 0L), (now, now + 600), (now - 660, now), (now + 30, now + 90), (now + 31, now + 90), (now - 60, now - 30), (now - 60, now - 31), (now, now + 661), (now, now) })
            {
                yield return $$"""{"iss":{{issuer}},"aud":"{{Audience}}","iat":{{issued}},"exp":{{expires}},"sub":"s"}""";
                yield return $$"""{"iss":{{issuer}},"aud":["{{Audience}}"],"iat":{{issued}},"exp":{{expires}},"sub":"s"}""";
                yield return $$"""{"iss":{{issuer}},"aud":"{{Audience}}","iat":{{issued}},"exp":{{expires}},"nbf":{{now + 31}},"sub":" "}""";
                yield return $$"""{"iss":{{issuer}},"aud":"{{Audience}}","exp":{{expires}},"sub":"s"}""";
                yield return $$"""{"iss":{{issuer}},"aud":"{{Audience}}","iat":{{issued}},"sub":"s"}""";
            }
        }
    }

    private Task<ToolRun> ExplainAsync(string token, params string[] arguments) => ToolRun.StartAsync(
        ["assertion", "-", .. arguments],
        (output, error) => new ToolContext { Output = output, Error = error, Time = _time, OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(token)) });
}
