using System.Buffers;

namespace OriginGuard.Testing.Headers;

/// <summary>What Google accepts as custom request headers. Every mistake is found, and none quotes a value.</summary>
internal static class CustomHeaderRules
{
    private const int MaxHeaders = 16;
    private const int MaxBytes = 8 * 1024;
    private const string HostName = "hostname";

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] ForbiddenNames = ["X-User-IP", "CDN-Loop", "authority", .. HopByHop.Names];
    private static readonly string[] ForbiddenPrefixes = ["X-Google", "X-Goog-", "X-GFE", "X-Amz-"];

    /// <summary>Whether a text can be the name of a header (RFC 9110, 5.6.2).</summary>
    public static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    public static void ThrowIfBroken(IReadOnlyList<CustomRequestHeader> headers, LoadBalancerKind kind)
    {
        var mistakes = Find(headers, kind).ToArray();
        if (mistakes.Length > 0)
        {
            throw new ArgumentException(
                $"The load balancer would not take these custom request headers. {string.Join(" ", mistakes)}", nameof(headers));
        }
    }

    private static IEnumerable<string> Find(IReadOnlyList<CustomRequestHeader> headers, LoadBalancerKind kind)
    {
        if (headers.Count > MaxHeaders)
        {
            yield return $"There are {headers.Count}; {MaxHeaders} are allowed.";
        }

        var bytes = headers.Sum(header => header.Name.Length + header.Value.Length);
        if (bytes > MaxBytes)
        {
            yield return $"Names and values take {bytes} bytes; {MaxBytes} are allowed.";
        }

        foreach (var group in headers.GroupBy(header => header.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"'{group.Key}' is there {group.Count()} times; each name may be there once.";
        }

        foreach (var mistake in headers.Select(header => FindInName(header, kind) ?? FindInValue(header, kind)).OfType<string>())
        {
            yield return mistake;
        }
    }

    private static string? FindInName(CustomRequestHeader header, LoadBalancerKind kind)
    {
        var name = header.Name;
        if (!IsToken(name))
        {
            return $"'{name}' is not a header name (RFC 9110, section 5.1).";
        }

        if (Array.Find(ForbiddenPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } forbidden)
        {
            return $"'{name}' starts with {forbidden}, which is reserved.";
        }

        if (ForbiddenNames.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return $"'{name}' is reserved or hop-by-hop.";
        }

        if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return kind is LoadBalancerKind.Regional ? "A regional load balancer cannot set 'Host'."
            : header.Replace ? null
            : "'Host' cannot be appended: only a backend service sets it, and that overwrites the client's. Leave replace true.";
    }

    private static string? FindInValue(CustomRequestHeader header, LoadBalancerKind kind)
    {
        if (header.Value.Any(character => character is not '\t' and (< ' ' or > '~')))
        {
            return $"The value of '{header.Name}' has characters other than visible ASCII and blanks.";
        }

        if (!CustomHeaderTemplate.TryParse(header.Value, out var template))
        {
            return $"The value of '{header.Name}' has a brace that neither belongs to a {{variable}} nor is doubled.";
        }

        return kind is LoadBalancerKind.Regional && template.Variables.Contains(HostName, StringComparer.Ordinal)
            ? $"The value of '{header.Name}' has the variable {{{HostName}}}, which is documented for global and classic load balancers only."
            : null;
    }
}
