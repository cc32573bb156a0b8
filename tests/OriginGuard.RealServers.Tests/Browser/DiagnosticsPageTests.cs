using System.Drawing;
using Xunit;

namespace OriginGuard.RealServers.Tests.Browser;

public sealed class DiagnosticsPageTests
{
    private static readonly Size Desk = new(1280, 900);
    private static readonly Size Phone = new(360, 740);

    [Fact]
    public async Task Explains_the_guard_to_whom_it_admits_without_a_script()
    {
        await using var page = await BrowserPage.OpenAsync(script: false);

        page.Find(".layers ~ .note a").Click();
        page.Until(() => page.Driver.Title == "OriginGuard diagnostics");

        Assert.Equal("admitted", page.Find(".verdict").Text);
        Assert.Equal(4, page.All(".layers .right").Count);
        Assert.Contains("_cloud-eoips.googleusercontent.com", page.Find("#ranges ~ .card").Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.2/32", page.Find(".networks").Text, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", page.Find(".layers").Text, StringComparison.Ordinal);
        Assert.Empty(page.All("script, img, iframe"));
        Assert.Empty(page.Complaints());
    }

    [Theory]
    [InlineData("light", true)]
    [InlineData("dark", false)]
    public async Task Is_readable_in_the_light_and_in_the_dark_on_a_desk_and_on_a_phone(string scheme, bool isLight)
    {
        await using var page = await BrowserPage.OpenAsync();
        await page.GoAsync("/_originguard");
        foreach (var size in (Size[])[Desk, Phone])
        {
            page.Emulate(scheme, size);

            var paper = Contrast.Luminance(page.Ask<string>("getComputedStyle(document.body).backgroundColor"));
            Assert.Equal(isLight, paper > 0.5);
            foreach (var selector in (string[])["body", ".lede", ".facts dt", ".layers .state", ".why", "thead th", "a", "summary"])
            {
                var ink = Contrast.Luminance(page.Ask<string>($"getComputedStyle(document.querySelector('{selector}')).color"));
                Assert.True(Contrast.Ratio(ink, paper) >= 4.5, $"{selector} has too little contrast in the {scheme}.");
            }

            Assert.Equal(page.Ask<long>("document.documentElement.clientWidth"), page.Ask<long>("document.documentElement.scrollWidth"));
        }
    }

    [Fact]
    public async Task Runs_and_paints_nothing_that_got_into_it_all_the_same()
    {
        await using var page = await BrowserPage.OpenAsync();
        await page.GoAsync("/_originguard");

        page.Driver.ExecuteScript(
            "document.body.insertAdjacentHTML('beforeend', '<p id=\"it\" style=\"position: fixed\" onclick=\"document.title=`run`\">it</p><img src=\"/icon.svg\">')");
        page.Find("#it").Click();

        Assert.Equal("OriginGuard diagnostics", page.Driver.Title);
        Assert.Equal("static", page.Ask<string>("getComputedStyle(document.getElementById('it')).position"));
        var complaints = page.Complaints();
        Assert.Equal(3, complaints.Count);
        Assert.All(complaints, static complaint => Assert.Contains("Content Security Policy", complaint, StringComparison.Ordinal));
    }
}
