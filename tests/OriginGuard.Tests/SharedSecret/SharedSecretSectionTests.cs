using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

/// <summary>What the section says of its settings, and which of them a reload must not lose without a word.</summary>
public sealed class SharedSecretSectionTests
{
    private const string Good = "correct-horse-battery-staple-0001";

    private static readonly SharedSecretSection Section = new(new SecretFiles(new ManualTimeProvider()));

    [Fact]
    public void Every_mistake_is_told_with_its_key_and_no_secret_is_repeated()
    {
        var mistakes = Validate(options =>
        {
            options.Mode = (LayerMode)7;
            options.HeaderName = "x_origin_guard";
            options.SecretFilesInterval = TimeSpan.FromMilliseconds(999);
            options.Secrets = [Good, "too-short", $"{Good} and more"];
            options.SecretFiles = ["/no/such/file"];
        });

        Assert.Equal(6, mistakes.Count);
        Assert.Equal("OriginGuard:SharedSecret:Mode is 7; one of Enforce, ReportOnly, Disabled is needed.", mistakes[0]);
        Assert.StartsWith("OriginGuard:SharedSecret:HeaderName is a text of 14 characters; ", mistakes[1], StringComparison.Ordinal);
        Assert.EndsWith("Use the default X-Origin-Guard, or another X- name of your own.", mistakes[1], StringComparison.Ordinal);
        Assert.StartsWith("OriginGuard:SharedSecret:SecretFilesInterval is 00:00:00.9990000; a duration from 00:00:01 to 1.00:00:00", mistakes[2], StringComparison.Ordinal);
        Assert.StartsWith("OriginGuard:SharedSecret:Secrets:1 ", mistakes[3], StringComparison.Ordinal);
        Assert.StartsWith("OriginGuard:SharedSecret:Secrets:2 ", mistakes[4], StringComparison.Ordinal);
        Assert.All(mistakes.Skip(3).Take(2), static mistake => Assert.EndsWith(
            "Make one from 32 random bytes in base64url, and put the same value into the backend service's custom request header.", mistake, StringComparison.Ordinal));
        Assert.StartsWith("OriginGuard:SharedSecret:SecretFiles:0 (\"/no/such/file\") does not exist", mistakes[5], StringComparison.Ordinal);
        Assert.All(mistakes, static mistake => Assert.DoesNotContain("horse", mistake, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_header_without_a_name_is_a_mistake_that_shows_nothing(string? name) =>
        Assert.StartsWith("OriginGuard:SharedSecret:HeaderName is a text of 0 ", Assert.Single(Validate(options => options.HeaderName = name!)), StringComparison.Ordinal);

    [Fact]
    public void A_secret_that_stands_in_place_of_a_file_is_sent_to_where_it_belongs() =>
        Assert.EndsWith(
            "Name a file that holds the secret, or put the secret into Secrets.",
            Assert.Single(Validate(static options => options.SecretFiles = [Good])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("00:00:01")]
    [InlineData("1.00:00:00")]
    public void The_ends_of_a_range_are_in_it(string interval) =>
        Assert.Empty(Validate(options => (options.SecretFilesInterval, options.Secrets) = (TimeSpan.Parse(interval, null), [Good])));

    [Fact]
    public void What_the_layer_needs_is_named() => Assert.Equal("Secrets or SecretFiles", Section.Needed);

    [Theory]
    [InlineData(nameof(SharedSecretOptions.RemoveHeader), true, false, true)]
    [InlineData(nameof(SharedSecretOptions.RemoveHeader), false, true, false)]
    [InlineData(nameof(SharedSecretOptions.HeaderName), true, true, true)]
    [InlineData(nameof(SharedSecretOptions.SecretFilesInterval), true, true, false)]
    public void A_setting_that_goes_is_missed_where_something_would_be_weaker(string name, bool removes, bool removed, bool isWeaker) => Assert.Equal(
        isWeaker,
        Section.IsWeakerWithout(name, With(options => options.RemoveHeader = removes), With(options => options.RemoveHeader = removed)));

    [Theory]
    [InlineData("a,b", "a", false)]
    [InlineData("a,b", "b,a", false)]
    [InlineData("a", "a,b", true)]
    [InlineData("a", "A", true)]
    public void Secrets_and_files_that_go_are_missed_where_others_come(string current, string next, bool isWeaker)
    {
        Assert.Equal(isWeaker, Section.IsWeakerWithout(
            nameof(SharedSecretOptions.Secrets), With(options => options.Secrets = current.Split(',')), With(options => options.Secrets = next.Split(','))));
        Assert.Equal(isWeaker, Section.IsWeakerWithout(
            nameof(SharedSecretOptions.SecretFiles), With(options => options.SecretFiles = current.Split(',')), With(options => options.SecretFiles = next.Split(','))));
    }

    private static OriginGuardOptions With(Action<SharedSecretOptions> change)
    {
        var options = new OriginGuardOptions();
        change(options.SharedSecret);
        return options;
    }

    private static List<string> Validate(Action<SharedSecretOptions> change)
    {
        List<string> mistakes = [];
        Section.Validate(With(change), mistakes);
        return mistakes;
    }
}
