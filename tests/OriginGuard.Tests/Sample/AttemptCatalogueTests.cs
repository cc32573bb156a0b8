using OriginGuard.Checks;
using OriginGuard.Sample.Attempts;
using Xunit;

namespace OriginGuard.Tests.Sample;

public class AttemptCatalogueTests
{
    [Fact]
    public async Task Names_each_attempt_once_and_leaves_no_word_in_braces()
    {
        await using var sample = await RunningSample.StartAsync("--Sample:Iap=true");
        var attempts = AttemptCatalogue.For(sample.Simulation);
        var words = new AttemptWords(sample.Simulation);

        Assert.Equal(attempts.Count, attempts.Select(static attempt => attempt.Id).Distinct().Count());
        Assert.Equal(attempts.Count, attempts.Select(static attempt => attempt.Title).Distinct().Count());
        Assert.All(attempts.SelectMany(static attempt => attempt.Lines), line =>
        {
            Assert.DoesNotContain('{', words.Spell(line));
            Assert.DoesNotContain('{', words.Tell(line));
            Assert.DoesNotContain(sample.Simulation.Secret, words.Tell(line), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Leaves_the_assertions_out_where_nobody_signs_in()
    {
        await using var sample = await RunningSample.StartAsync();

        Assert.DoesNotContain(AttemptCatalogue.For(sample.Simulation), static attempt => attempt.Expected.Word?.StartsWith("iap.", StringComparison.Ordinal) is true);
    }

    [Fact]
    public void Has_words_for_every_reason()
    {
        var unknown = ReasonWords.Of("a.reason.without.words");

        Assert.All(Enum.GetValues<RefusalReason>().Skip(1), reason => Assert.NotEqual(unknown, ReasonWords.Of(reason.ToCode())));
        Assert.All(Enum.GetValues<RefusalReason>().Skip(1), static reason =>
            Assert.Equal(OriginVerdict.Because(reason).Outcome.ToName(), ReasonWords.VerdictOf(reason.ToCode())));
    }
}
