namespace OriginGuard.Benchmarks.ConstantTime;

/// <summary>The control: a comparison that stops at the first difference. A measure that does not find this one would find nothing.</summary>
internal static class EarlyExit
{
    public static bool Equals(string one, string other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i])
            {
                return false;
            }
        }

        return true;
    }
}
