using System.Drawing;
using OpenQA.Selenium;
using Xunit;

namespace OriginGuard.RealServers.Tests.Browser;

public class SamplePageTests
{
    private static readonly Size Desk = new(1280, 900);
    private static readonly Size Phone = new(360, 740);

    [Fact]
    public async Task Shows_who_came_through_the_load_balancer_layer_by_layer()
    {
        await using var page = await BrowserPage.OpenAsync();

        Assert.Equal("admitted", page.Find(".verdict").Text);
        Assert.Equal("You came through the load balancer", page.Find("h1").Text);
        Assert.Equal(4, page.All(".layers .right").Count);
        Assert.Contains("127.0.0.2/32", page.Find(".layers").Text, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", page.Find(".layers").Text, StringComparison.Ordinal);
        Assert.Empty(page.Complaints());
    }

    [Fact]
    public async Task Shows_the_refusal_in_the_row_of_an_attempt_and_announces_it()
    {
        await using var page = await BrowserPage.OpenAsync();
        var button = page.Find("#attempt-around button");

        button.SendKeys(Keys.Enter);
        page.Until(() => page.Find("#announcement").GetDomProperty("textContent") is { Length: > 0 });

        var outcome = page.Find("#attempt-around .outcome");
        Assert.Contains("403 address.outside_ranges", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("none of the load balancer's ranges", outcome.Text, StringComparison.Ordinal);
        Assert.StartsWith("Go around the load balancer: 403", page.Find("#announcement").GetDomProperty("textContent"), StringComparison.Ordinal);
        Assert.Equal(button, page.Driver.SwitchTo().ActiveElement());
        Assert.EndsWith("/", page.Driver.Url, StringComparison.Ordinal);
        Assert.Empty(page.Complaints());
    }

    [Fact]
    public async Task Plays_all_attempts_and_says_that_they_came_as_they_should()
    {
        await using var page = await BrowserPage.OpenAsync();

        page.Find("#try-all").Click();
        page.Until(() => page.Find("#tally").Text.Length > 0);

        Assert.Equal($"All {page.All(".attempts li").Count} came as they should.", page.Find("#tally").Text);
        Assert.Empty(page.All("[data-expected=no]"));
        Assert.Empty(page.Complaints());
    }

    [Fact]
    public async Task Says_so_when_an_attempt_did_not_come_as_it_should()
    {
        await using var page = await BrowserPage.OpenAsync(args: "--OriginGuard:SharedSecret:Mode=Disabled");

        page.Find("#attempt-guessed-secret button").Click();
        page.Until(() => page.All("#attempt-guessed-secret .answer").Count > 0);

        Assert.Contains("403 secret.mismatch was expected.", page.Find("#attempt-guessed-secret .outcome").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_read_and_used_without_JavaScript()
    {
        await using var page = await BrowserPage.OpenAsync(script: false);
        Assert.False(page.Find("#try-all").Displayed);
        Assert.Equal(4, page.All(".layers .right").Count);

        page.Find("#attempt-stolen-secret button").Click();
        page.Until(() => page.All("#attempt-stolen-secret .answer").Count > 0);

        Assert.Contains("/try/stolen-secret", page.Driver.Url, StringComparison.Ordinal);
        Assert.Contains("403 address.outside_ranges", page.Find("#attempt-stolen-secret .outcome").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("light", true)]
    [InlineData("dark", false)]
    public async Task Is_readable_in_the_light_and_in_the_dark_on_a_desk_and_on_a_phone(string scheme, bool isLight)
    {
        await using var page = await BrowserPage.OpenAsync();
        foreach (var size in (Size[])[Desk, Phone])
        {
            page.Emulate(scheme, size);

            var paper = Contrast.Luminance(page.Ask<string>("getComputedStyle(document.body).backgroundColor"));
            Assert.Equal(isLight, paper > 0.5);
            foreach (var selector in (string[])["body", ".lede", ".layers p", "a", ".attempts form > p", ".attempts button"])
            {
                var ink = Contrast.Luminance(page.Ask<string>($"getComputedStyle(document.querySelector('{selector}')).color"));
                Assert.True(Contrast.Ratio(ink, paper) >= 4.5, $"{selector} has too little contrast in the {scheme}.");
            }

            Assert.Equal(page.Ask<long>("document.documentElement.clientWidth"), page.Ask<long>("document.documentElement.scrollWidth"));
            Assert.True(page.Driver.GetScreenshot().AsByteArray.Length > 0);
        }
    }

    [Fact]
    public async Task Shows_what_the_caller_wrote_as_text()
    {
        const string hostile = "<img src=x onerror=\"document.title='run'\">";
        await using var page = await BrowserPage.OpenAsync();
        page.Driver.ExecuteCdpCommand("Network.enable", []);
        page.Driver.ExecuteCdpCommand("Network.setExtraHTTPHeaders", new() { ["headers"] = new Dictionary<string, object> { ["X-Forwarded-For"] = hostile } });

        await page.GoAsync();

        Assert.Contains(hostile, page.Find("table").GetDomProperty("textContent"), StringComparison.Ordinal);
        Assert.Empty(page.All("img"));
        Assert.DoesNotContain("run", page.Driver.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_no_script_that_got_into_it_all_the_same()
    {
        await using var page = await BrowserPage.OpenAsync();

        page.Driver.ExecuteScript("document.body.insertAdjacentHTML('beforeend', '<p id=\"it\" onclick=\"document.title=`run`\">it</p>')");
        page.Find("#it").Click();

        Assert.DoesNotContain("run", page.Driver.Title, StringComparison.Ordinal);
        Assert.Contains("Content Security Policy", Assert.Single(page.Complaints()), StringComparison.Ordinal);
    }
}
