using OriginGuard.Configuration;

namespace OriginGuard.Arming;

/// <summary>The section <c>OriginGuard:Arming</c>.</summary>
internal sealed class ArmingSection : OptionsSection
{
    private const string Key = $"{Root}:{nameof(OriginGuardOptions.Arming)}:{nameof(ArmingOptions.ReportPath)}";

    public override string Name => nameof(OriginGuardOptions.Arming);

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(
        Name, section => options.Arming.ReportPath = section.String(nameof(options.Arming.ReportPath), options.Arming.ReportPath));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes)
    {
        if (options.Arming.ReportPath is not { } path)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(path))
        {
            mistakes.Add($"{Key} is blank; the path of a file is needed. Name a file that the process may write, or remove the key.");
        }
        else if (path == options.SourceAddress.SnapshotPath)
        {
            mistakes.Add($"{Key} is also SourceAddress:SnapshotPath; each would overwrite the other. Name two files, or remove this key: the report then lies beside the snapshot.");
        }
    }
}
