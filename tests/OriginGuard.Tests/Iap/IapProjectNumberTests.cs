using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapProjectNumberTests
{
    [Theory]
    [InlineData("/projects/123/global/backendServices/987654321")]
    [InlineData("/projects/123/apps/my-project")]
    [InlineData("/projects/123/apps/example.com:my-project")]
    [InlineData("/projects/123/locations/europe-west1/services/my-service")]
    [InlineData("/projects/123/europe-west1/backendServices/987654321")]
    [InlineData("/projects/123/regions/europe-west1/backendServices/987654321")]
    public async Task Admits_every_known_form_of_the_project(string audience) => Assert.Equal(RefusalReason.None, await ReasonAsync("123", audience));

    [Theory]
    [InlineData("/projects/12/global/backendServices/987654321")]
    [InlineData("/projects/1234/global/backendServices/987654321")]
    [InlineData("/projects/0123/global/backendServices/987654321")]
    [InlineData("/projects/12/global/backendServices/123")]
    [InlineData("/projects/12/apps/123")]
    [InlineData("/projects/12/apps/projects/123/apps/x")]
    [InlineData("/projects/12/locations/123/services/123")]
    [InlineData("projects/123/apps/x")]
    [InlineData("//projects/123/apps/x")]
    [InlineData("/projects/123")]
    [InlineData("/projects/123/")]
    [InlineData("/projects/123/apps")]
    [InlineData("/projects/123/apps/")]
    [InlineData("/projects/123/apps/x/")]
    [InlineData("/projects/123/apps/x/y")]
    [InlineData("/projects/123/apps/x y")]
    [InlineData("/projects/123/apps/x?y")]
    [InlineData("/projects/123/global/backendServices/name")]
    [InlineData("/projects/123/global/backendServices/")]
    [InlineData("/projects/123/global/backendservices/1")]
    [InlineData("/projects/123//backendServices/1")]
    [InlineData("/projects/123/locations//services/x")]
    [InlineData("/projects/123/regions//backendServices/1")]
    [InlineData("/projects/123/regions/europe-west1/backendServices/name")]
    [InlineData("/projects/123/zones/z/backendServices/1")]
    [InlineData("/Projects/123/apps/x")]
    [InlineData("/organizations/123/apps/x")]
    [InlineData("https://example.com/projects/123/apps/x")]
    [InlineData("123")]
    public async Task Takes_the_number_for_a_whole_segment_of_a_known_form(string audience) =>
        Assert.Equal(RefusalReason.IapAudience, await ReasonAsync("123", audience));

    [Fact]
    public async Task Does_not_match_12_in_123_nor_123_in_12()
    {
        Assert.Equal(RefusalReason.IapAudience, await ReasonAsync("12", "/projects/123/apps/x"));
        Assert.Equal(RefusalReason.IapAudience, await ReasonAsync("123", "/projects/12/apps/x"));
        Assert.Equal(RefusalReason.None, await ReasonAsync("12", "/projects/12/apps/x"));
    }

    [Fact]
    public async Task Admits_an_exact_audience_beside_the_project()
    {
        await using var world = await IapWorld.WithKeysAsync(options =>
        {
            options.Audiences = ["an audience of a form to come"];
            options.ProjectNumber = "123";
        });

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue("an audience of a form to come")));
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue("/projects/123/apps/x")));
        Assert.Equal(RefusalReason.IapAudience, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
    }

    private static async Task<RefusalReason> ReasonAsync(string projectNumber, string audience)
    {
        await using var world = await IapWorld.WithKeysAsync(options =>
        {
            options.Audiences = [];
            options.ProjectNumber = projectNumber;
        });
        return await world.ReasonAsync(world.Issuer.Issue(audience));
    }
}
