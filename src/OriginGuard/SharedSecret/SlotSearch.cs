using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace OriginGuard.SharedSecret;

/// <summary>
/// Finds which of some slots holds a value, in a time that depends on their number and their size alone: every byte of every slot is looked at, by whole vectors, and nothing
/// is decided by what they hold before all are done. (docs/design/002: what shows it.)
/// </summary>
internal static class SlotSearch
{
    /// <summary>Slots have a size that is a multiple of this.</summary>
    public const int Step = 16;

    /// <param name="value">What is looked for.</param>
    /// <param name="slots">The slots, one behind the other, each as long as the value.</param>
    /// <returns>The first slot that holds the value; -1 for none.</returns>
    public static int Find(ReadOnlySpan<byte> value, ReadOnlySpan<byte> slots)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length % Step, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slots.Length % value.Length, 0);
        return Vector128.IsHardwareAccelerated
            ? FindByVectors(ref MemoryMarshal.GetReference(value), ref MemoryMarshal.GetReference(slots), value.Length, slots.Length / value.Length)
            : FindBytewise(value, slots);
    }

    /// <summary>Where the processor has no vectors.</summary>
    internal static int FindBytewise(ReadOnlySpan<byte> value, ReadOnlySpan<byte> slots)
    {
        var found = -1;
        for (var slot = (slots.Length / value.Length) - 1; slot >= 0; slot--)
        {
            found = CryptographicOperations.FixedTimeEquals(value, slots.Slice(slot * value.Length, value.Length)) ? slot : found;
        }

        return found;
    }

    // Compiled once, and not first in a form that nobody has looked at. What the slots hold stays in vectors until the last line: a vector decides no jump.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int FindByVectors(ref byte value, ref byte slots, int size, int count)
    {
        var found = Vector128<int>.AllBitsSet;
        for (var slot = count - 1; slot >= 0; slot--)
        {
            ref var secret = ref Unsafe.Add(ref slots, (nint)slot * size);
            var difference = Vector128<byte>.Zero;
            for (nuint at = 0; at < (nuint)size; at += Step)
            {
                difference |= Vector128.LoadUnsafe(ref value, at) ^ Vector128.LoadUnsafe(ref secret, at);
            }

            // Each quarter becomes the sum of all four.
            var folded = difference.AsInt32();
            folded |= Vector128.Shuffle(folded, Vector128.Create(2, 3, 0, 1));
            folded |= Vector128.Shuffle(folded, Vector128.Create(1, 0, 3, 2));
            found = Vector128.ConditionalSelect(Vector128.Equals(folded, Vector128<int>.Zero), Vector128.Create(slot), found);
        }

        return found.ToScalar();
    }
}
