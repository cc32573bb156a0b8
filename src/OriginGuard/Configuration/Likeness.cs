namespace OriginGuard.Configuration;

/// <summary>Whether a name is a slip away from another.</summary>
internal static class Likeness
{
    private const int MostSlips = 2;

    /// <summary>The name that was most likely meant, or null.</summary>
    public static string? Find(string written, IEnumerable<string> names) => names
        .Select(name => (Name: name, Slips: Slips(written.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(static candidate => candidate.Slips is > 0 and <= MostSlips)
        .OrderBy(static candidate => candidate.Slips)
        .Select(static candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>How many letters were left out, put in, mistaken or swapped with the next one.</summary>
    private static int Slips(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MostSlips)
        {
            return int.MaxValue;
        }

        int[][] table = [.. Enumerable.Range(0, left.Length + 1).Select(_ => new int[right.Length + 1])];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i][j] = i == 0 || j == 0 ? i + j
                    : Math.Min(Math.Min(table[i - 1][j], table[i][j - 1]) + 1, table[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i][j] = Math.Min(table[i][j], table[i - 2][j - 2] + 1);
                }
            }
        }

        return table[left.Length][right.Length];
    }
}
