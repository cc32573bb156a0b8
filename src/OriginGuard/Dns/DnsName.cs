using System.Diagnostics.CodeAnalysis;
using System.Text;
using OriginGuard.ForeignText;

namespace OriginGuard.Dns;

/// <summary>A domain name that can be asked for, in wire format.</summary>
internal sealed class DnsName
{
    private readonly string _text;
    private readonly byte[] _wire;

    private DnsName(string text, byte[] wire) => (_text, _wire) = (text, wire);

    public ReadOnlySpan<byte> Wire => _wire;

    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        var rest = text.AsSpan();
        rest = rest.EndsWith('.') ? rest[..^1] : rest;

        // Narrower than the octets that RFC 1035 admits: names arrive from records too (include:, redirect=), and nothing else can then reach a log line.
        if (!DomainName.IsValid(text))
        {
            return false;
        }

        // Each dot becomes a length octet; one more stands in front, and the root's zero behind.
        var wire = new byte[rest.Length + 2];
        var position = 0;
        foreach (var range in rest.Split('.'))
        {
            var label = rest[range];
            wire[position++] = (byte)label.Length;
            position += Encoding.ASCII.GetBytes(label, wire.AsSpan(position));
        }

        name = new DnsName(rest.ToString(), wire);
        return true;
    }

    public override string ToString() => _text;
}
