using OriginGuard.Configuration;
using OriginGuard.Settings;

namespace OriginGuard.Iap;

/// <summary>The section <c>OriginGuard:Iap</c>, of the guard and of an authentication scheme.</summary>
internal sealed class IapSection : OptionsSection
{
    public override string Name => nameof(OriginGuardOptions.Iap);

    public override string Needed => "Audiences or ProjectNumber";

    public override ILayerOptions LayerOf(OriginGuardOptions options) => options.Iap;

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.Iap));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes) =>
        IapOptionsRules.Validate(options.Iap, $"{Root}:{Name}", mistakes, options.Reading);

    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) => IsWeakerWithout(name, current.Iap, next.Iap);

    public static void Read(ISettings section, IapOptions options)
    {
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.Audiences = section.Texts(nameof(options.Audiences), options.Audiences);
        options.ProjectNumber = section.String(nameof(options.ProjectNumber), options.ProjectNumber);
        options.KeysUri = section.Address(nameof(options.KeysUri), options.KeysUri)!;
        options.ClockSkew = section.Duration(nameof(options.ClockSkew), options.ClockSkew);
        options.MaxTokenLifetime = section.Duration(nameof(options.MaxTokenLifetime), options.MaxTokenLifetime);
        options.AllowAnonymous = section.Boolean(nameof(options.AllowAnonymous), options.AllowAnonymous);
        options.AllowPreflight = section.OptionalBoolean(nameof(options.AllowPreflight), options.AllowPreflight);
    }

    /// <summary>A sentence for each setting of a scheme that a reload would lose; never a value. A scheme lets no preflight pass, so what is said of them is nothing to lose.</summary>
    /// <param name="section">The full name of the section.</param>
    /// <param name="current">The options in force.</param>
    /// <param name="next">The options that would follow.</param>
    public static IEnumerable<string> Lost(string section, IapOptions current, IapOptions next)
    {
        var (before, after) = (new SettingsList(section), new SettingsList(section));
        Read(before, current);
        Read(after, next);
        return before.Settings.Except(after.Settings).Select(setting => setting.Key[(section.Length + 1)..])
            .Where(name => name is not (nameof(next.Mode) or nameof(next.AllowPreflight)) && next.Reading.HasLost($"{section}:{name}", current.Reading) && IsWeakerWithout(name, current, next))
            .Select(name => $"{section}:{name} was set and is not there any more; what is in force does not go back to what stood before it. Write the value that is meant.");
    }

    private static bool IsWeakerWithout(string name, IapOptions current, IapOptions next) => name switch
    {
        // Only in one direction. What code had set before the configuration may be milder than it, and comes back without it.
        nameof(next.Audiences) => next.Audiences.Except(current.Audiences, StringComparer.Ordinal).Any(),
        nameof(next.ProjectNumber) => next.ProjectNumber is not null,
        nameof(next.AllowAnonymous) => next.AllowAnonymous,
        nameof(next.AllowPreflight) => Width(next.AllowPreflight) > Width(current.AllowPreflight),

        // Another value is another question, whichever is stricter: which keys, and which times.
        _ => true,
    };

    // Not set lies between: it lets pass what CORS alone answers.
    private static int Width(bool? allows) => allows switch { false => 0, null => 1, true => 2 };
}
