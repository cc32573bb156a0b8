using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>One section of the options, as the folder knows it that goes by it: which settings there are, what they must be, and which may not get lost.</summary>
internal abstract class OptionsSection : IOptionsRule
{
    protected const string Root = OriginGuardOptions.SectionName;

    /// <summary>The name below <c>OriginGuard</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What a layer needs in order to have something to check with: whoever writes its section means it. Null where there is no such thing.</summary>
    public virtual string? Needed => null;

    /// <summary>The options of a layer; null where the section is none.</summary>
    public virtual ILayerOptions? LayerOf(OriginGuardOptions options) => null;

    /// <summary>Names each of its settings once.</summary>
    public abstract void Read(ISettings settings, OriginGuardOptions options);

    public abstract void Validate(OriginGuardOptions options, ICollection<string> mistakes);

    /// <summary>Whether somebody else is let in, asked or believed when a setting goes without a word.</summary>
    /// <param name="name">A setting that was given, is not given any more, and has another value now; never a mode, which is judged for all sections alike.</param>
    /// <param name="current">The options in force.</param>
    /// <param name="next">The options that would follow.</param>
    public virtual bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) => false;

    /// <summary>A sentence for whatever else a reload would lose of it.</summary>
    public virtual IEnumerable<string> AlsoLost(OriginGuardOptions current, OriginGuardOptions next) => [];
}
