using Microsoft.Extensions.Primitives;

namespace OriginGuard.ForeignText;

/// <summary>
/// Takes the entries of X-Forwarded-For from the right, over all its lines, and stops at the one that is asked for.
/// </summary>
// From the right: whatever stands left of what the load balancer appended was written by the caller, and is never looked at. An empty
// element counts as an entry: Google writes none, and a reader that skips them can be moved along the list by whoever does.
internal ref struct ForwardedForReader(StringValues lines)
{
    private readonly StringValues _lines = lines;
    private int _next = lines.Count - 1;
    private ReadOnlySpan<char> _rest;
    private bool _inLine;

    /// <summary>The entry that <see cref="TryReadPrevious"/> found, without blanks around it.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>The entry at a position counted from the right, 1 for the last.</summary>
    public static bool TryGetEntry(StringValues lines, int position, out ReadOnlySpan<char> entry)
    {
        var reader = new ForwardedForReader(lines);
        for (var i = 0; i < position; i++)
        {
            if (!reader.TryReadPrevious())
            {
                entry = default;
                return false;
            }
        }

        entry = reader.Current;
        return true;
    }

    public bool TryReadPrevious()
    {
        if (!_inLine)
        {
            if (_next < 0)
            {
                return false;
            }

            _rest = _lines[_next--].AsSpan();
            _inLine = true;
        }

        var comma = _rest.LastIndexOf(',');
        Current = _rest[(comma + 1)..].Trim(" \t");
        _rest = comma < 0 ? default : _rest[..comma];
        _inLine = comma >= 0;
        return true;
    }
}
