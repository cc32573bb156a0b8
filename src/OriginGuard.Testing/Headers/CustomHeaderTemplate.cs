using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OriginGuard.Testing.Headers;

/// <summary>The value of a custom request header: text and <c>{variables}</c>.</summary>
internal sealed class CustomHeaderTemplate
{
    private readonly List<(string Text, bool IsVariable)> _parts;

    private CustomHeaderTemplate(List<(string Text, bool IsVariable)> parts) => _parts = parts;

    public IEnumerable<string> Variables => _parts.Where(static part => part.IsVariable).Select(static part => part.Text);

    public static CustomHeaderTemplate Parse(string value) =>
        TryParse(value, out var template) ? template : throw new FormatException("A brace neither belongs to a {variable} nor is doubled.");

    public static bool TryParse(string value, [NotNullWhen(true)] out CustomHeaderTemplate? template)
    {
        var parts = new List<(string, bool)>();
        template = null;
        for (var rest = value.AsSpan().Trim(" \t"); rest.Length > 0;)
        {
            if (rest is ['{', '{', ..] or ['}', '}', ..])
            {
                parts.Add((rest[..1].ToString(), false));
                rest = rest[2..];
            }
            else if (rest[0] is '{')
            {
                var end = rest.IndexOf('}');
                if (end < 2 || rest[1..end].Contains('{'))
                {
                    return false;
                }

                parts.Add((rest[1..end].ToString(), true));
                rest = rest[(end + 1)..];
            }
            else if (rest[0] is '}')
            {
                return false;
            }
            else
            {
                var end = rest.IndexOfAny('{', '}') is var brace and >= 0 ? brace : rest.Length;
                parts.Add((rest[..end].ToString(), false));
                rest = rest[end..];
            }
        }

        template = new CustomHeaderTemplate(parts);
        return true;
    }

    /// <summary>Fills the variables in. One that <paramref name="resolve"/> does not know becomes nothing.</summary>
    public string Expand(Func<string, string?> resolve)
    {
        var text = new StringBuilder();
        foreach (var (part, isVariable) in _parts)
        {
            text.Append(isVariable ? resolve(part) : part);
        }

        return text.ToString();
    }
}
