using System.ComponentModel;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Configuration;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>What the pages say must be so: their code is compiled and run, their links lead somewhere, their defaults are the real ones.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Pages =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Quoted_code_is_the_compiled_code()
    {
        var regions = Regions();
        List<string> wrong = [];
        foreach (var page in Pages)
        {
            var text = TextOf(page);
            var blocks = QuotedBlock().Matches(text);
            if (blocks.Count != RegionComment().Count(text))
            {
                wrong.Add($"{page}: a region comment is not followed by a csharp block");
            }

            wrong.AddRange(blocks.Where(block => regions.GetValueOrDefault(block.Groups[1].Value) != block.Groups[2].Value)
                .Select(block => $"{page}: {block.Groups[1].Value} is not the region of that name"));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_region_is_quoted_by_a_page()
    {
        var regions = Regions();
        var quoted = Pages.SelectMany(page => QuotedBlock().Matches(TextOf(page))).Select(block => block.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(regions);
        Assert.Empty(regions.Keys.Except(quoted));
    }

    [Fact]
    public void The_readme_of_the_testing_package_quotes_compiled_code()
    {
        // Without the comments that name the regions: the gallery would show them.
        var blocks = CSharpBlock().Matches(TextOf("src/OriginGuard.Testing/README.md")).Select(block => block.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.Empty(blocks.Except(Regions().Values));
    }

    [Fact]
    public void Relative_links_lead_to_a_file_and_to_a_heading_in_it()
    {
        List<string> broken = [];
        foreach (var page in Pages)
        {
            var links = Link().Matches(CodeBlock().Replace(TextOf(page), "")).Select(match => match.Groups[1].Value);
            broken.AddRange(links.Where(link => !link.Contains("://", StringComparison.Ordinal) && !LeadsSomewhere(page, link)).Select(link => $"{page}: {link}"));
        }

        Assert.True(broken.Count == 0, string.Join(Environment.NewLine, broken));
    }

    [Fact]
    public void Tables_of_defaults_name_the_real_ones()
    {
        List<string> wrong = [];
        foreach (var (page, key, value) in Pages.SelectMany(DefaultsOf))
        {
            if (!TryGetDefault(key, out var actual))
            {
                wrong.Add($"{page}: {key} is not a setting");
            }
            else if (Render(actual) != value)
            {
                wrong.Add($"{page}: the default of {key} is {Render(actual)}, not {value}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_setting_stands_in_a_table_of_defaults()
    {
        var documented = Pages.SelectMany(DefaultsOf).Select(row => row.Key).ToHashSet();

        Assert.Empty(SettingsOf(typeof(OriginGuardOptions), "").Except(documented));
    }

    [Fact]
    public async Task The_page_on_telemetry_lists_the_instruments_with_their_units()
    {
        await using var app = await GuardedApp.StartAsync();
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        List<string> instruments = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == "OriginGuard")
            {
                instruments.Add($"{instrument.Name} {instrument.Unit}");
            }
        };
        listener.Start();

        var listed = InstrumentRow().Matches(TextOf("docs/telemetry.md")).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");

        Assert.Equal(instruments.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string TextOf(string page) => Repository.Read(page).ReplaceLineEndings("\n");

    private static Dictionary<string, string> Regions()
    {
        Dictionary<string, string> regions = [];
        foreach (var file in Repository.Sources("tests"))
        {
            var lines = File.ReadAllLines(file);
            for (var start = 0; start < lines.Length; start++)
            {
                if (RegionStart().Match(lines[start]) is { Success: true } match)
                {
                    var end = Array.FindIndex(lines, start, line => line.Trim() == "#endregion");
                    regions.Add($"{Path.GetFileName(file)}#{match.Groups[1].Value}", Dedent(lines[(start + 1)..end]));
                }
            }
        }

        return regions;
    }

    private static string Dedent(string[] lines)
    {
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    private static bool LeadsSomewhere(string page, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page) ?? "", parts[0]);
        var path = Path.GetFullPath(Path.Combine(Repository.Root, target));
        if (!File.Exists(path))
        {
            return parts.Length == 1 && Directory.Exists(path);
        }

        return parts.Length == 1 || Heading().Matches(File.ReadAllText(path).ReplaceLineEndings("\n")).Any(heading => Anchor(heading.Groups[1].Value) == parts[1]);
    }

    /// <summary>As the code host makes it: lower case, blanks to hyphens, and other signs dropped.</summary>
    private static string Anchor(string heading) => string.Concat(heading.Trim()
        .Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-' or '_').Select(sign => sign == ' ' ? '-' : char.ToLowerInvariant(sign)));

    private static IEnumerable<(string Page, string Key, string Value)> DefaultsOf(string page)
    {
        var inTable = false;
        foreach (var line in TextOf(page).Split('\n'))
        {
            if (!line.StartsWith('|'))
            {
                inTable = false;
            }
            else if (line.StartsWith("| key | default |", StringComparison.Ordinal))
            {
                inTable = true;
            }
            else if (inTable && !line.StartsWith("| ---", StringComparison.Ordinal))
            {
                var cells = line.Split('|');
                yield return (page, cells[1].Trim(' ', '`'), CodeSpan().Match(cells[2]) is { Success: true } code ? code.Groups[1].Value : cells[2].Trim());
            }
        }
    }

    private static IEnumerable<string> SettingsOf(Type options, string prefix) => options.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(static property => property.GetCustomAttribute<EditorBrowsableAttribute>() is null)
        .SelectMany(property => property.PropertyType is { IsClass: true, IsArray: false } type && type.Namespace == "OriginGuard"
            ? SettingsOf(type, $"{prefix}{property.Name}:")
            : [$"{prefix}{property.Name}"]);

    private static bool TryGetDefault(string key, out object? value)
    {
        var options = new OriginGuardOptions();
        new PlatformDefaults().PostConfigure(null, options);
        value = options;
        foreach (var name in key.Split(':'))
        {
            if (value?.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public) is not { } property)
            {
                return false;
            }

            value = property.GetValue(value);
        }

        return true;
    }

    private static string Render(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Array { Length: 0 } => "[]",
        string[] texts => $"[{string.Join(", ", texts.Select(text => $"\"{text}\""))}]",
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    [GeneratedRegex(@"^\s*#region docs: (\S+)\s*$")]
    private static partial Regex RegionStart();

    [GeneratedRegex(@"<!-- region: ")]
    private static partial Regex RegionComment();

    [GeneratedRegex(@"<!-- region: (\S+) -->\n+```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex QuotedBlock();

    [GeneratedRegex(@"^```csharp\n(.*?)\n```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^\| `(originguard\.[a-z._]+)` \| (\{[a-z]+\}|s) \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();
}
