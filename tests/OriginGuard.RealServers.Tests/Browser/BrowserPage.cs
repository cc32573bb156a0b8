using System.Drawing;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Support.UI;
using OriginGuard.Sample;
using Xunit;

namespace OriginGuard.RealServers.Tests.Browser;

/// <summary>The sample's page in a real browser, reached through the simulated load balancer.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly ServerProgram Chromium = new("chromium", "chromium");
    private static readonly ServerProgram ChromeDriver = new("chromedriver", "chromium-driver");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage",
    ];

    private readonly SampleHost _sample;
    private readonly ChromeDriverService _service;

    private BrowserPage(SampleHost sample, ChromeDriverService service, ChromeDriver driver) => (_sample, _service, Driver) = (sample, service, driver);

    public ChromeDriver Driver { get; }

    /// <summary>Starts the sample and a browser that shows its page, or skips the test where there is no browser.</summary>
    public static async Task<BrowserPage> OpenAsync(bool script = true, params string[] args)
    {
        var chromium = Chromium.Require();
        var chromeDriver = ChromeDriver.Require();
        var sample = await SampleHost.StartAsync(
            ["--Logging:LogLevel:Default=None", "--urls=http://127.0.0.1:0", "--Sample:SimulatorPort=0", "--Sample:Iap=true", .. args],
            cancellationToken: TestContext.Current.CancellationToken);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(chromeDriver), Path.GetFileName(chromeDriver));
        service.SuppressInitialDiagnosticInformation = true;
        try
        {
            var page = new BrowserPage(sample, service, new ChromeDriver(service, Options(chromium, script)));
            await page.GoAsync();
            return page;
        }
        catch
        {
            await service.DisposeAsync();
            await sample.DisposeAsync();
            throw;
        }
    }

    public Task GoAsync(string path = "/") => Driver.Navigate().GoToUrlAsync(new Uri(_sample.Simulation!.LoadBalancer, path));

    public IWebElement Find(string selector) => Driver.FindElement(By.CssSelector(selector));

    public IReadOnlyCollection<IWebElement> All(string selector) => Driver.FindElements(By.CssSelector(selector));

    /// <summary>A real browser has its own clock: waits until the page shows what it has to.</summary>
    public void Until(Func<bool> holds) => new WebDriverWait(Driver, Patience).Until(_ => holds());

    public T Ask<T>(string script) => (T)Driver.ExecuteScript($"return {script}")!;

    public void Emulate(string scheme, Size size)
    {
        var feature = new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = scheme };
        Driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new() { ["features"] = new object[] { feature } });
        Driver.ExecuteCdpCommand(
            "Emulation.setDeviceMetricsOverride", new() { ["width"] = size.Width, ["height"] = size.Height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
    }

    /// <summary>What the browser complains about: failed loads, errors of the script, violations of the page's policy.</summary>
    public IReadOnlyList<string> Complaints() => [.. Driver.Manage().Logs.GetLog(LogType.Browser).Select(static entry => entry.Message)];

    public async ValueTask DisposeAsync()
    {
        await Driver.DisposeAsync();
        await _service.DisposeAsync();
        await _sample.DisposeAsync();
    }

    private static ChromeOptions Options(string chromium, bool script)
    {
        var options = new ChromeOptions { BinaryLocation = chromium };
        options.AddArguments(Arguments);
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        if (!script)
        {
            options.AddUserProfilePreference("profile.managed_default_content_settings.javascript", 2);
        }

        return options;
    }
}
