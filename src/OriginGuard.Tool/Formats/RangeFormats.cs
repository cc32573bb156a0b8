using System.CommandLine;

namespace OriginGuard.Tool.Formats;

/// <summary>The formats by name.</summary>
internal static class RangeFormats
{
    public const string Names = "text|json|nftables|iptables|nginx|haproxy|terraform";

    public static void Accept(Option<RangeFormat> option) => option.AcceptOnlyFromAmong(StringComparer.Ordinal, Names.Split('|'));

    /// <summary>The whole output: no half of a rule set is ever written.</summary>
    public static string Render(RangeFormat format, RangeSet ranges, RuleScope scope) => format switch
    {
        RangeFormat.Text => TextFormat.Render(ranges),
        RangeFormat.Json => JsonFormat.Render(ranges),
        RangeFormat.Nftables => NftablesFormat.Render(ranges, scope),
        RangeFormat.Iptables => IptablesFormat.Render(ranges, scope),
        RangeFormat.Nginx => NginxFormat.Render(ranges),
        RangeFormat.Haproxy => HaproxyFormat.Render(ranges),
        RangeFormat.Terraform => TerraformFormat.Render(ranges),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format that nobody renders."),
    };
}
