using OriginGuard.Iap;
using OriginGuard.Settings;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapOptionsRulesTests
{
    [Fact]
    public void Finds_nothing_wrong_with_the_defaults() => Assert.Empty(Errors(_ => { }));

    [Theory]
    [InlineData("https://www.gstatic.com/iap/verify/public_key-jwk")]
    [InlineData("https://keys.example:8443/jwk?v=1")]
    [InlineData("http://127.0.0.1:8080/keys")]
    [InlineData("http://127.9.9.9/keys")]
    [InlineData("http://localhost/keys")]
    [InlineData("http://[::1]:8080/keys")]
    public void Takes_https_and_plain_http_towards_loopback(string address) => Assert.Empty(Errors(options => options.KeysUri = new Uri(address)));

    [Theory]
    [InlineData("http://www.gstatic.com/iap/verify/public_key-jwk")]
    [InlineData("http://keys/")]
    [InlineData("http://127.0.0.1.example/keys")]
    [InlineData("http://localhost.example/keys")]
    [InlineData("http://10.0.0.1/keys")]
    [InlineData("http://169.254.169.254/keys")]
    [InlineData("ftp://127.0.0.1/keys")]
    [InlineData("file:///etc/keys")]
    [InlineData("/iap/keys")]
    [InlineData("https://user:hunter2@keys.example/")]
    [InlineData("https://keys.example/#hunter2")]
    public void Refuses_other_key_addresses_without_repeating_a_password(string address)
    {
        var error = Assert.Single(Errors(options => options.KeysUri = new Uri(address, UriKind.RelativeOrAbsolute)));

        Assert.StartsWith("OriginGuard:Iap:KeysUri is '", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/projects/1/apps/a b")]
    [InlineData("/projects/1/apps/a\n")]
    [InlineData("/projects/1/apps/ä")]
    [InlineData(null)]
    public void Refuses_an_audience_that_cannot_be_one(string? audience)
    {
        var error = Assert.Single(Errors(options => options.Audiences = ["/projects/1/apps/a", audience!]));

        Assert.StartsWith("OriginGuard:Iap:Audiences:1 is '", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, char.IsControl);
    }

    [Theory]
    [InlineData("")]
    [InlineData("my-project")]
    [InlineData("012")]
    [InlineData("12 ")]
    [InlineData("-1")]
    [InlineData("１２")]
    [InlineData("123456789012345678901")]
    public void Refuses_a_project_number_that_is_none(string number) => Assert.StartsWith(
        "OriginGuard:Iap:ProjectNumber is '", Assert.Single(Errors(options => options.ProjectNumber = number)), StringComparison.Ordinal);

    [Fact]
    public void Bounds_the_times()
    {
        Assert.Empty(Errors(options => options.ClockSkew = TimeSpan.Zero));
        Assert.Empty(Errors(options => options.ClockSkew = TimeSpan.FromMinutes(5)));
        Assert.Single(Errors(options => options.ClockSkew = TimeSpan.FromSeconds(-1)));
        Assert.Single(Errors(options => options.ClockSkew = TimeSpan.FromSeconds(301)));
        Assert.Empty(Errors(options => options.MaxTokenLifetime = TimeSpan.FromSeconds(1)));
        Assert.Empty(Errors(options => options.MaxTokenLifetime = TimeSpan.FromDays(1)));
        Assert.Single(Errors(options => options.MaxTokenLifetime = TimeSpan.Zero));
        Assert.Single(Errors(options => options.MaxTokenLifetime = TimeSpan.FromDays(2)));
        Assert.Single(Errors(options => options.MaxTokenLifetime = TimeSpan.MaxValue));
    }

    [Fact]
    public void Reports_every_mistake_at_once()
    {
        var errors = Errors(options =>
        {
            options.Mode = (LayerMode)9;
            options.Audiences = ["", ""];
            options.ProjectNumber = "x";
            options.KeysUri = null!;
            options.ClockSkew = TimeSpan.FromHours(1);
            options.MaxTokenLifetime = TimeSpan.FromHours(-1);
        });

        Assert.Equal(7, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("OriginGuard:Iap:ClockSkew is 01:00:00;", StringComparison.Ordinal));
        Assert.StartsWith("OriginGuard:Iap:Audiences is null", Assert.Single(Errors(options => options.Audiences = null!)), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_is_needed_and_where_it_is_found()
    {
        var errors = Errors(static options =>
        {
            options.Mode = (LayerMode)9;
            options.Audiences = [" "];
            options.ProjectNumber = "my-project";
            options.KeysUri = null!;
            options.MaxTokenLifetime = TimeSpan.Zero;
        });

        Assert.Equal("OriginGuard:Iap:Mode is 9; it must be Enforce, ReportOnly or Disabled.", errors[0]);
        Assert.StartsWith("OriginGuard:Iap:Audiences:0 is ' '; 1 to 512 visible ASCII characters without blanks are needed. ", errors[1], StringComparison.Ordinal);
        Assert.Equal(
            "OriginGuard:Iap:ProjectNumber is 'my-project'; digits only are allowed, without a leading zero. Take the number, not the id, from the project's page in the console.",
            errors[2]);
        Assert.Equal(
            "OriginGuard:Iap:KeysUri is 'null'; an absolute https address without user and fragment is needed, or plain http towards loopback. Leave it out for Google's keys.",
            errors[3]);
        Assert.EndsWith("Google's assertions live ten minutes.", errors[4], StringComparison.Ordinal);
    }

    [Fact]
    public void The_ends_of_a_range_are_in_it()
    {
        Assert.Empty(Errors(static options => options.Audiences = [new string('a', 512)]));
        Assert.Single(Errors(static options => options.Audiences = [new string('a', 513)]));
        Assert.Empty(Errors(static options => options.ProjectNumber = "12345678901234567890"));
    }

    /// <summary>A secret at the wrong key is long; an audience is long, too, and has a form of its own.</summary>
    [Theory]
    [InlineData("fifteen letters", "'fifteen letters'")]
    [InlineData("sixteen  letters", "'a text of 16 characters'")]
    [InlineData("/projects/1/apps/my app", "'/projects/1/apps/my app'")]
    public void Shows_what_can_be_no_secret(string audience, string shown) =>
        Assert.StartsWith($"OriginGuard:Iap:Audiences:0 is {shown}; ", Assert.Single(Errors(options => options.Audiences = [audience])), StringComparison.Ordinal);

    [Fact]
    public void Names_an_audience_by_the_key_that_it_was_written_under()
    {
        var reading = new ReadingNotes();
        reading.NameElements("OriginGuard:Iap:Audiences", ["shop"]);
        List<string> errors = [];
        IapOptionsRules.Validate(new IapOptions { Audiences = [""] }, "OriginGuard:Iap", errors, reading);

        Assert.StartsWith("OriginGuard:Iap:Audiences:shop ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://keys.example:8080/token/hunter2", "'http://keys.example:8080'")]
    [InlineData("ftp://keys.example/hunter2", "'an address that is neither http nor https'")]
    [InlineData("/keys/hunter2", "'a text of 13 characters'")]
    [InlineData(null, "'null'")]
    public void Shows_where_an_address_of_keys_leads_and_no_more(string? address, string shown) => Assert.StartsWith(
        $"OriginGuard:Iap:KeysUri is {shown}; an absolute https address",
        Assert.Single(Errors(options => options.KeysUri = address is null ? null! : new Uri(address, UriKind.RelativeOrAbsolute))),
        StringComparison.Ordinal);

    private static List<string> Errors(Action<IapOptions> configure)
    {
        var options = new IapOptions();
        configure(options);
        List<string> errors = [];
        IapOptionsRules.Validate(options, "OriginGuard:Iap", errors);
        return errors;
    }
}
