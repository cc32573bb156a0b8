using Microsoft.AspNetCore.Http;

namespace OriginGuard.Checks;

/// <summary>A header that decides about admission, and the look-alikes by which a caller may try to slip another one past the load balancer.</summary>
internal sealed class GuardedHeader
{
    // Up to 4 hyphens make 15 look-alikes, each asked for by name without allocating. A name with more hyphens costs an enumeration.
    private const int MostHyphensByName = 4;

    private readonly string[] _lookAlikes;
    private readonly bool _enumerate;

    public GuardedHeader(string name)
    {
        Name = name;
        var hyphens = name.Count(character => character == '-');
        _enumerate = hyphens > MostHyphensByName;
        _lookAlikes = _enumerate ? [] : [.. LookAlikes(name, hyphens)];
    }

    public string Name { get; }

    public bool HasLookAlike(IHeaderDictionary headers)
    {
        foreach (var lookAlike in _lookAlikes)
        {
            if (headers.ContainsKey(lookAlike))
            {
                return true;
            }
        }

        return _enumerate && headers.Keys.Any(IsLookAlike);
    }

    /// <summary>Takes the header off the request, and its look-alikes unless it is known to have none: each costs a search of its own.</summary>
    public void RemoveFrom(IHeaderDictionary headers, bool hasNoLookAlike = false)
    {
        headers.Remove(Name);
        if (hasNoLookAlike)
        {
            return;
        }

        foreach (var lookAlike in _lookAlikes)
        {
            headers.Remove(lookAlike);
        }

        foreach (var lookAlike in _enumerate ? headers.Keys.Where(IsLookAlike).ToArray() : [])
        {
            headers.Remove(lookAlike);
        }
    }

    private bool IsLookAlike(string other) =>
        other.Contains('_', StringComparison.Ordinal) && other.Replace('_', '-').Equals(Name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> LookAlikes(string name, int hyphens)
    {
        for (var choice = 1; choice < 1 << hyphens; choice++)
        {
            var hyphen = 0;
            yield return string.Concat(name.Select(character => character == '-' && (choice >> hyphen++ & 1) == 1 ? '_' : character));
        }
    }
}
