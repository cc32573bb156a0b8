using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.House;

public sealed class ConventionTests
{
    private static readonly Type[] OwnTypes = [.. typeof(OriginGuardOptions).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("OriginGuard", StringComparison.Ordinal) is true && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.Name.StartsWith('<'))];

    private static IEnumerable<(string Type, LoggerMessageAttribute Message)> LogMessages => typeof(OriginGuardOptions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => (type.FullName!, method.GetCustomAttribute<LoggerMessageAttribute>()!)))
        .Where(entry => entry.Item2 is not null);

    [Fact]
    public void Classes_are_sealed_static_or_inherited_from()
    {
        var inherited = OwnTypes.Select(type => type.BaseType).ToHashSet();

        Assert.Empty(OwnTypes.Where(type => type.IsClass && !type.IsSealed && !inherited.Contains(type)).Select(type => type.FullName));
    }

    [Fact]
    public void Internal_types_live_in_the_namespace_of_their_folder_and_public_ones_in_the_root()
    {
        string[] publicNamespaces = ["OriginGuard", "Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting"];

        Assert.Empty(typeof(OriginGuardOptions).Assembly.GetExportedTypes().Where(type => !publicNamespaces.Contains(type.Namespace)).Select(type => type.FullName));
    }

    /// <summary>All else about the form of a source the build looks at; of this only a slow part of dotnet format does.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    public void Using_directives_are_in_order_the_system_s_first(string folder)
    {
        var uses = Repository.Sources(folder).ToDictionary(
            static file => file,
            static file => File.ReadLines(file).Where(static line => line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.AsSpan().ContainsAny('(', '=') && !line.StartsWith("using static ", StringComparison.Ordinal))
                .Select(static line => line["using ".Length..^1]).ToArray());

        Assert.True(uses.Values.Sum(static names => names.Length) > 10);
        Assert.Empty(uses.Where(static file => !file.Value.SequenceEqual(InOrder(file.Value))).Select(static file => file.Key));

        static IEnumerable<string> InOrder(string[] names) =>
            names.OrderBy(static name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal)).ThenBy(static name => name.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Event_ids_are_unique_and_named()
    {
        var messages = LogMessages.ToList();

        Assert.True(messages.Count > 10);
        Assert.Empty(messages.GroupBy(entry => entry.Message.EventId).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Empty(messages.GroupBy(entry => entry.Message.EventName).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.DoesNotContain(messages, entry => string.IsNullOrEmpty(entry.Message.EventName));
    }

    [Fact]
    public void Event_ids_lie_in_the_block_of_their_room()
    {
        Dictionary<string, int> blocks = new() { ["Ranges"] = 41, ["Dns"] = 41, ["PublishedLists"] = 41, ["SharedSecret"] = 42, ["ClientAddress"] = 43, ["Connections"] = 44, ["Iap"] = 45 };

        Assert.Empty(LogMessages.Where(entry => entry.Message.EventId / 100 != blocks.GetValueOrDefault(entry.Type.Split('.')[1], 40)).Select(entry => (entry.Type, entry.Message.EventId)));
    }

    [Fact]
    public void Asynchronous_methods_say_so_in_their_name()
    {
        string[] fixedByTheFramework = ["Invoke"];
        var wrong = OwnTypes
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            .Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal) && !fixedByTheFramework.Contains(method.Name) && !method.Name.Contains('<', StringComparison.Ordinal));

        Assert.Empty(wrong.Select(method => $"{method.DeclaringType}.{method.Name}"));
    }

    [Fact]
    public void Nothing_that_holds_a_secret_prints_it()
    {
        var options = new OriginGuardOptions { SharedSecret = { Secrets = [GuardedApp.Secret] } };

        Assert.DoesNotContain("correct-horse", options.ToString() + options.SharedSecret + new SecretRing([GuardedApp.Secret]), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_stay_short()
    {
        var long_ = new[] { "src", "tests", "benchmarks" }.SelectMany(Repository.Sources).Where(file => File.ReadLines(file).Count() > 300)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.StartsWith("tests", StringComparison.Ordinal));

        Assert.Empty(long_);
    }

    [Fact]
    public void Every_reason_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<RefusalReason>().Select(reason => OriginGuard.Checks.OutcomeNames.ToCode(reason)).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
    }
}
