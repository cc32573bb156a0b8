using Microsoft.Extensions.Configuration;
using OriginGuard.Configuration;
using OriginGuard.Settings;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class SectionReaderTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_stands_inside_of_a_secret_section_is_as_secret(bool isOuterSecret, bool isShown)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Outer:Inner:Number", "hunter2")]).Build();
        var notes = new ReadingNotes();
        var reader = new SectionReader(SettingsSources.Of(configuration, null), "Root", notes);

        reader.Section("Outer", static outer => outer.Section("Inner", static inner => inner.Integer("Number", 1)), isOuterSecret);

        Assert.Equal(isShown, Assert.Single(notes.Mistakes).Contains("hunter2", StringComparison.Ordinal));
    }
}
