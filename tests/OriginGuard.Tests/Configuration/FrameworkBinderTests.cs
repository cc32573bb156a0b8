using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.Configuration;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class FrameworkBinderTests
{
    private static readonly IConfigurationRoot Configuration = new ConfigurationBuilder().AddInMemoryCollection(
        GuardedApp.Settings(("Exemptions:0:Path", "/probe"), ("Exemptions:0:Networks:0", "35.191.0.0/16"))).Build();

    public static TheoryData<string> Ways => ["Configure", "Bind", "BindConfiguration"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Options_that_the_frameworks_binder_fills_end_the_start(string way)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(GuardedApp.Settings(), services => _ = way switch
        {
            "Configure" => services.Configure<OriginGuardOptions>(Configuration.GetSection("OriginGuard")),
            "Bind" => services.AddOptions<OriginGuardOptions>().Bind(Configuration.GetSection("OriginGuard")).Services,
            _ => services.AddOptions<OriginGuardOptions>().BindConfiguration("OriginGuard").Services,
        }));

        Assert.Contains("Call AddOriginGuard(section) instead.", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_may_configure_beside_the_reader_and_say_itself_when_it_has_changed()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), services => services
            .Configure<OriginGuardOptions>(options => options.Rejection.StatusCode = 404)
            .PostConfigure<OriginGuardOptions>(options => options.Rejection.Abort = true)
            .Configure<OriginGuardOptions>("another", Configuration.GetSection("OriginGuard")));

        Assert.True(app.Services.GetRequiredService<OptionsInForce>().Current.Rejection.Abort);
    }

    [Fact]
    public async Task Code_that_binds_keeps_every_network()
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>(), services => services.AddOriginGuard(options => Configuration.GetSection("OriginGuard").Bind(options)));

        var strangers = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/probe");
        var honestProbe = await app.SendAsync(IPAddress.Parse("35.191.0.1"), static request => request.Path = "/probe");
        var admitted = await app.SendAsync(IPAddress.Parse("34.127.192.1"), request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal((403, 403), (strangers.Response.StatusCode, probe.Response.StatusCode));
        Assert.Equal((200, 200), (honestProbe.Response.StatusCode, admitted.Response.StatusCode));
    }

    [Fact]
    public void Bound_options_replace_a_list_and_a_text_that_is_no_network_admits_nobody()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(GuardedApp.Settings(("SourceAddress:Networks:1", "34.96/16"))).Build();
        var options = configuration.GetSection("OriginGuard").Get<OriginGuardOptions>()!;
        Assert.Equal("34.96.0.0/20", options.SourceAddress.Networks![0].ToString());

        using var provider = new ServiceCollection().AddLogging().AddOriginGuard(given => given.SourceAddress = options.SourceAddress).Services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<OptionsInForce>);

        Assert.Contains("OriginGuard:SourceAddress:Networks:1 is 0.0.0.0/0, which is every address (or a network that nobody set)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binder_that_found_no_text_of_a_network_changes_none()
    {
        var source = new SourceAddressOptions { Networks = [IPNetwork.Parse("34.96.0.0/20")], NetworkTexts = null };
        var exemption = new ExemptionOptions { Networks = [IPNetwork.Parse("35.191.0.0/16")], NetworkTexts = null };

        Assert.Equal(("34.96.0.0/20", "35.191.0.0/16"), ($"{source.Networks.Single()}", $"{exemption.Networks.Single()}"));
        Assert.Null(source.NetworkTexts ?? exemption.NetworkTexts);
    }

    [Theory]
    [InlineData("SourceAddress:Networks")]
    [InlineData("Exemptions:0:Networks")]
    public async Task A_network_that_nobody_set_never_admits(string key)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(GuardedApp.Settings(), services => services.PostConfigure<OriginGuardOptions>(options =>
        {
            if (key.StartsWith("Source", StringComparison.Ordinal))
            {
                options.SourceAddress.Networks = [default];
            }
            else
            {
                options.Exemptions = [new ExemptionOptions { Path = "/probe", Networks = [default] }];
            }
        })));

        Assert.Contains($"OriginGuard:{key}:0 is 0.0.0.0/0", failure.Message, StringComparison.Ordinal);
    }
}
