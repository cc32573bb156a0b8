using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>A configuration in the pages is one that an application starts with, once its placeholders are filled in.</summary>
public sealed partial class ConfigurationExamplesTests
{
    [Fact]
    public void Every_configuration_in_the_pages_is_without_a_mistake()
    {
        var secretFile = Path.GetTempFileName();
        File.WriteAllText(secretFile, GuardedApp.Secret);
        try
        {
            var examples = Pages().SelectMany(static page => In(page).Select(json => (Page: page, Json: json))).ToList();
            var wrong = examples.Select(example => (example.Page, example.Json, Mistake: MistakeIn(Filled(example.Json, secretFile))))
                .Where(static example => example.Mistake is not null).Select(static example => $"{example.Page}: {example.Mistake}\n{example.Json}").ToList();

            Assert.NotEmpty(examples);
            Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        }
        finally
        {
            File.Delete(secretFile);
        }
    }

    /// <summary>Whoever copies the first configuration has no load balancer yet that sends the secret.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/OriginGuard/README.md")]
    [InlineData("docs/getting-started.md")]
    [InlineData("docs/google-cloud-setup.md")]
    [InlineData("docs/cloud-run.md")]
    public void A_configuration_that_pages_begin_with_only_reports(string page)
    {
        var examples = In(page).Where(static json => json.Contains("\"Secret", StringComparison.Ordinal) || json.Contains("\"Audiences\"", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, static json => Assert.Contains("\"Mode\": \"ReportOnly\"", json, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Pages() =>
    [
        "README.md",
        .. new[] { "docs", "src" }.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories))
            .Select(static file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> In(string page) => Block().Matches(Repository.Read(page).ReplaceLineEndings("\n")).Select(static block => block.Groups[1].Value)
        .Where(static json => json.Contains("\"OriginGuard\"", StringComparison.Ordinal));

    private static string Filled(string json, string secretFile)
    {
        var path = secretFile.Replace('\\', '/');
        return MountedSecret().Replace(Placeholder().Replace(json, $"\"{GuardedApp.Secret}\""), $"\"{path}\"");
    }

    /// <summary>What stops the start; null where nothing does.</summary>
    private static string? MistakeIn(string json)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
            var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
            using var provider = new ServiceCollection().AddLogging().AddOriginGuard(configuration).Services.BuildServiceProvider();
            _ = provider.GetRequiredService<IOptions<OriginGuardOptions>>().Value;
            return null;
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException or JsonException or OptionsValidationException)
        {
            return failure.Message;
        }
    }

    [GeneratedRegex(@"^```json\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"""<[^""<>]+>""")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"""/secrets/[^""]+""")]
    private static partial Regex MountedSecret();
}
