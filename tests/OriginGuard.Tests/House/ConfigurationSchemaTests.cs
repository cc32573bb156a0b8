using System.ComponentModel;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OriginGuard.Configuration;
using OriginGuard.Tests.Configuration;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>
/// The package's ConfigurationSchema.json, by which editors complete appsettings.json and mark mistakes in it, says what the options are. When this test fails, copy what it
/// wrote beside the test assembly over the file in src/OriginGuard.
/// </summary>
public sealed partial class ConfigurationSchemaTests
{
    private const string Duration = @"^(\d+\.)?([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(\.\d{1,7})?$";

    private static readonly Lazy<Dictionary<string, string>> Summaries = new(static () => XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "OriginGuard.xml")).Descendants("member").Where(static member => member.Element("summary") is not null)
        .ToDictionary(static member => member.Attribute("name")!.Value, static member => Words(member.Element("summary")!)));

    [Fact]
    public void The_schema_in_the_package_is_that_of_the_options()
    {
        var actual = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [OriginGuardOptions.SectionName] = Describe(typeof(OriginGuardOptions)) },
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";

        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "ConfigurationSchema.json"), actual);
        Assert.Equal(Repository.Read("src/OriginGuard/ConfigurationSchema.json").ReplaceLineEndings("\n"), actual);
    }

    /// <summary>The reader of the configuration knows the same settings: each section lists its own.</summary>
    [Fact]
    public void Every_setting_that_is_read_stands_in_the_schema_and_no_other()
    {
        var sections = JsonNode.Parse(Repository.Read("src/OriginGuard/ConfigurationSchema.json"))!["properties"]!["OriginGuard"]!["properties"]!.AsObject();
        foreach (var section in Sections.All.All.Where(static section => section.Name != nameof(OriginGuardOptions.Exemptions)))
        {
            var known = Keys(section);

            Assert.Equal(known.Order(StringComparer.Ordinal), sections[section.Name]!["properties"]!.AsObject().Select(static property => property.Key).Order(StringComparer.Ordinal));
        }
    }

    private static JsonObject Describe(Type options)
    {
        var properties = new JsonObject();
        foreach (var property in options.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(static property =>
            property.GetCustomAttribute<EditorBrowsableAttribute>() is null && property.SetMethod?.IsPublic is true).OrderBy(static property => property.Name, StringComparer.Ordinal))
        {
            var schema = Of(property.PropertyType);
            schema["description"] = Summaries.Value[$"P:{property.DeclaringType!.FullName}.{property.Name}"];
            properties[property.Name] = schema;
        }

        return new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
    }

    private static JsonObject Of(Type type) => Nullable.GetUnderlyingType(type) is { } value ? Of(value)
        : type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
        : type == typeof(int) ? new JsonObject { ["type"] = "integer" }
        : type == typeof(TimeSpan) ? new JsonObject { ["type"] = "string", ["pattern"] = Duration }
        : type == typeof(Uri) ? new JsonObject { ["type"] = "string", ["format"] = "uri" }
        : type == typeof(string) ? new JsonObject { ["type"] = "string" }
        : type == typeof(IPNetwork) ? new JsonObject { ["type"] = "string", ["pattern"] = "/[0-9]{1,3}$" }
        : type.IsEnum ? new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(static name => (JsonNode)name)]) }
        : type.IsArray ? new JsonObject { ["type"] = "array", ["items"] = Of(type.GetElementType()!) }
        : Describe(type);

    private static string[] Keys(OptionsSection section)
    {
        var list = new SettingsList(OriginGuardOptions.SectionName);
        section.Read(list, new OriginGuardOptions());
        return [.. list.Settings.Select(static setting => setting.Key.Split(':')[2])];
    }

    private static string Words(XElement summary)
    {
        foreach (var reference in summary.Descendants().Where(static element => element.Attribute("cref") is not null || element.Attribute("langword") is not null).ToArray())
        {
            reference.ReplaceWith(new XText((reference.Attribute("langword") ?? reference.Attribute("cref"))!.Value.Split('.')[^1]));
        }

        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
