using OriginGuard.Iap;
using OriginGuard.Settings;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class WeakIapTests
{
    [Theory]
    [InlineData("1234567-abc.apps.googleusercontent.com", "(1234567-abc.apps.googleusercontent.com) is an OAuth client id")]
    [InlineData("projects/123456789/global/backendServices/987", "is of no form that IAP is known to write")]
    [InlineData("/projects/my-project/global/backendServices/987", "is of no form that IAP is known to write")]
    [InlineData("/projects/123456789/global/backendServices/my-service", "is of no form that IAP is known to write")]
    [InlineData("https://shop.example.com", "is of no form that IAP is known to write")]
    public void Points_out_an_audience_that_iap_does_not_issue_and_where_the_right_one_is(string audience, string said)
    {
        var sentence = Assert.Single(Find(new IapOptions { Audiences = [IapWorld.Audience, audience] }));

        Assert.StartsWith("OriginGuard:Iap:Audiences:1 (", sentence, StringComparison.Ordinal);
        Assert.Contains(said, sentence, StringComparison.Ordinal);
        Assert.Contains("Get JWT audience code", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_an_audience_by_the_key_that_it_was_written_under()
    {
        var reading = new ReadingNotes();
        reading.NameElements("OriginGuard:Iap:Audiences", ["shop"]);

        var sentence = Assert.Single(WeakIap.Find(new IapOptions { Audiences = ["https://shop.example.com"] }, "OriginGuard:Iap", reading, isDevelopment: false));

        Assert.StartsWith("OriginGuard:Iap:Audiences:shop (", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/projects/123456789/global/backendServices/987654321")]
    [InlineData("/projects/123456789/apps/my-project")]
    [InlineData("/projects/123456789/locations/europe-west3/services/shop")]
    [InlineData("/projects/123456789/europe-west3/backendServices/987654321")]
    [InlineData("/projects/123456789/regions/europe-west3/backendServices/987654321")]
    public void Has_nothing_against_the_known_forms(string audience) => Assert.Empty(Find(new IapOptions { Audiences = [audience] }));

    [Theory]
    [InlineData("https://www.gstatic.com/iap/verify/public_key")]
    [InlineData("https://keys.example.com/")]
    [InlineData("http://127.0.0.1:5000/keys")]
    public void Points_out_keys_that_are_not_Googles_outside_of_Development(string address)
    {
        var options = new IapOptions { Audiences = [IapWorld.Audience], KeysUri = new Uri(address) };

        var sentence = Assert.Single(Find(options));
        Assert.StartsWith("OriginGuard:Iap:KeysUri is not the address of Google's keys", sentence, StringComparison.Ordinal);
        Assert.EndsWith("https://www.gstatic.com/iap/verify/public_key-jwk.", sentence, StringComparison.Ordinal);
        Assert.Empty(WeakIap.Find(options, "OriginGuard:Iap", new ReadingNotes(), isDevelopment: true));
    }

    private static IEnumerable<string> Find(IapOptions options) => WeakIap.Find(options, "OriginGuard:Iap", new ReadingNotes(), isDevelopment: false);
}
