using OriginGuard.Fuzz.Targets;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests.Fuzz;

/// <summary>What fuzzing begins with is right: each reader has seeds of both kinds, and keeps its properties on them.</summary>
public sealed class SeedTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "OriginGuard.Fuzz", "seeds");

    public static TheoryData<string> Targets { get; } = new(FuzzTargets.All.Keys);

    [Fact]
    public void Each_folder_of_seeds_belongs_to_a_reader() =>
        Assert.Equal(FuzzTargets.All.Keys.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_reader_takes_some_seeds_and_refuses_some_and_keeps_its_properties_on_all(string target)
    {
        var play = FuzzTargets.All[target];
        var read = Directory.EnumerateFiles(Path.Combine(Folder, target)).Select(file => play(File.ReadAllBytes(file))).ToList();

        Assert.Contains(true, read);
        Assert.Contains(false, read);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_beginning_of_a_seed_is_read_or_refused(string target)
    {
        foreach (var seed in Directory.EnumerateFiles(Path.Combine(Folder, target)).Select(File.ReadAllBytes))
        {
            for (var length = 0; length < Math.Min(seed.Length, 300); length++)
            {
                _ = FuzzTargets.All[target](seed[..length]);
            }
        }
    }
}
