using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>The names of settings as whoever wrote them finds them: the section may be another than <c>OriginGuard</c>.</summary>
internal static class WrittenNames
{
    private const string Usual = OriginGuardOptions.SectionName;

    /// <summary>The path of the section that configures the guard.</summary>
    public static string Root(this ReadingNotes reading) => reading.Section ?? Usual;

    /// <summary>A sentence that calls settings by their usual names, with the written ones.</summary>
    public static string AsWritten(this ReadingNotes reading, string sentence) =>
        reading.Root() is var root && root == Usual ? sentence : sentence.Replace($"{Usual}:", $"{root}:", StringComparison.Ordinal);
}
