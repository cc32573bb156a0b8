using System.Net;
using System.Text;
using Microsoft.Extensions.Primitives;
using OriginGuard.ClientAddress;
using OriginGuard.ForeignText;
using OriginGuard.Tests.Ranges;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>The lines of X-Forwarded-For, behind an octet that says which entry is asked for: the entry that splitting at commas finds, and an address or none.</summary>
internal static class ForwardedForTarget
{
    public static bool Play(byte[] input)
    {
        if (input.Length == 0)
        {
            return false;
        }

        var position = 1 + (input[0] % 32);
        var text = Encoding.Latin1.GetString(input, 1, input.Length - 1);
        var lines = new StringValues(text.Split('\n'));

        var found = ForwardedForReader.TryGetEntry(lines, position, out var entry);
        var expected = text.Split(',', '\n').Reverse().Skip(position - 1).FirstOrDefault()?.Trim(' ', '\t');
        ThrowUnless(found == expected is not null && (!found || entry.SequenceEqual(expected)), $"Entry {position} is \"{entry}\", or is not there; it should be \"{expected}\".");

        var client = new ClientAddressResolver(position).Resolve(lines);
        var address = expected is null ? null : Address(expected);
        ThrowUnless(Equals(client, address), $"The client is {client}; it should be {address}.");

        var scheme = ClientAddressResolver.Scheme(lines);
        var last = text.Split(',', '\n')[^1].Trim(' ', '\t').ToUpperInvariant();
        ThrowUnless(scheme == (last is "HTTP" or "HTTPS" ? last : null)?.ToLowerInvariant(), $"The scheme is {scheme}, of \"{last}\".");
        return client is not null;
    }

    /// <summary>As the oracle of SPF reads addresses: it knows no length, blank or other term here. Mapped ones are themselves; nobody has the unspecified one.</summary>
    private static IPAddress? Address(string text)
    {
        if (text.Length is 0 or > 64 || !text.All(static character => char.IsAsciiHexDigit(character) || character is ':' or '.') || !IsAddress(text))
        {
            return null;
        }

        var address = IPAddress.Parse(text);
        address = address.IsIPv4MappedToIPv6 ? new IPAddress(address.GetAddressBytes()[12..]) : address;
        return address.GetAddressBytes().All(static octet => octet == 0) ? null : address;
    }

    private static bool IsAddress(string text) => SpfOracle.Networks($"v=spf1 {(text.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip4")}:{text}") is not null;
}
