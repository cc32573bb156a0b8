using System.Diagnostics.CodeAnalysis;

namespace OriginGuard.Fuzz.Targets;

/// <summary>A reader did what it must not do.</summary>
internal sealed class BrokenPropertyException : Exception
{
    public BrokenPropertyException()
    {
    }

    public BrokenPropertyException(string message)
        : base(message)
    {
    }

    public BrokenPropertyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public static void ThrowUnless([DoesNotReturnIf(false)] bool holds, string property)
    {
        if (!holds)
        {
            throw new BrokenPropertyException(property);
        }
    }
}
