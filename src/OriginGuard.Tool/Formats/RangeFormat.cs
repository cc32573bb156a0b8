namespace OriginGuard.Tool.Formats;

/// <summary>What <c>originguard ranges</c> prints.</summary>
internal enum RangeFormat
{
    Text,
    Json,
    Nftables,
    Iptables,
    Nginx,
    Haproxy,
    Terraform,
}
