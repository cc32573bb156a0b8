using System.Text.RegularExpressions;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>
/// Reads what the compiler at run time made of a method, for x64, and looks whether anything that lies in memory can decide where the code goes. What is loaded goes into
/// vectors and stays there; only after the last conditional jump may a vector become a number.
/// </summary>
internal static partial class MachineCode
{
    /// <summary>The instructions of the last listing of a method; empty where there is none.</summary>
    public static IReadOnlyList<string> Read(string listing, string method)
    {
        var start = listing.LastIndexOf($":{method}(", StringComparison.Ordinal);
        return start < 0 ? [] : [.. Instruction().Matches(listing[start..]).Select(static match => Blanks().Replace(match.Groups[1].Value, " "))];
    }

    /// <summary>What could make time depend on what is compared; empty: nothing.</summary>
    public static IReadOnlyList<string> Flaws(IReadOnlyList<string> instructions)
    {
        List<string> flaws = [];
        var lastJump = instructions.ToList().FindLastIndex(static one => ConditionalJump().IsMatch(one));
        for (var at = 0; at < instructions.Count; at++)
        {
            var one = instructions[at];
            if (one.Contains('[', StringComparison.Ordinal) && !one.Contains("mm", StringComparison.Ordinal) && !one.StartsWith("lea ", StringComparison.Ordinal))
            {
                flaws.Add($"{one}: memory meets something that is no vector");
            }
            else if (LeavesVectors().IsMatch(one) && at < lastJump)
            {
                flaws.Add($"{one}: a vector becomes a number or a flag, and {instructions[lastJump]} comes after it");
            }
            else if (one.StartsWith("call", StringComparison.Ordinal))
            {
                flaws.Add($"{one}: code that is not looked at");
            }
        }

        return flaws;
    }

    [GeneratedRegex(@"^ {7}((?!align)[a-z].*?) *(?:;.*)?$", RegexOptions.Multiline)]
    private static partial Regex Instruction();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();

    [GeneratedRegex("^j(?!mp)|^loop")]
    private static partial Regex ConditionalJump();

    // Moves between the register files, masks of signs, tests and comparisons that set flags.
    [GeneratedRegex(@"^v?(?:mov[dq] (?:[er]|r\d)|pmovmskb|movmskp|pextr|extractps|ptest|testp|u?comis|cvtt?s[sd]2si)|^kmov|^kortest|^ktest")]
    private static partial Regex LeavesVectors();
}
