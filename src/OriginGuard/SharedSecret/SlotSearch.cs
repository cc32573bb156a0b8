using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace OriginGuard.SharedSecret;

/// <summary>
/// Finds which of some slots begins with a value, in a time that depends on the value's length and on their number alone: as many bytes of each slot are looked at, by whole
/// vectors, and nothing is decided by what they hold before all are done. (docs/design/002: what shows it.)
/// </summary>
internal static class SlotSearch
{
    /// <summary>A value is a multiple of this long.</summary>
    public const int Step = 32;

    /// <param name="value">What is looked for. Who guesses knows how long it is; that it is equal to all of a slot, and not only to its beginning, its own length in front of it shows.</param>
    /// <param name="slots">The slots, one behind the other.</param>
    /// <param name="size">How long each of them is; at least as long as the value.</param>
    /// <returns>The first slot that begins with the value; -1 for none.</returns>
    public static int Find(ReadOnlySpan<byte> value, ReadOnlySpan<byte> slots, int size)
    {
        ArgumentOutOfRangeException.ThrowIfZero(value.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length % Step, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(slots.Length % size, 0);
        return Vector128.IsHardwareAccelerated
            ? FindByVectors(ref MemoryMarshal.GetReference(value), ref MemoryMarshal.GetReference(slots), value.Length, size, slots.Length / size)
            : FindBytewise(value, slots, size);
    }

    /// <summary>Where the processor has no vectors.</summary>
    internal static int FindBytewise(ReadOnlySpan<byte> value, ReadOnlySpan<byte> slots, int size)
    {
        var found = -1;
        for (var slot = (slots.Length / size) - 1; slot >= 0; slot--)
        {
            found = CryptographicOperations.FixedTimeEquals(value, slots.Slice(slot * size, value.Length)) ? slot : found;
        }

        return found;
    }

    // Compiled once, and not first in a form that nobody has looked at. What the slots hold stays in vectors until the last line: a vector decides no jump.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static int FindByVectors(ref byte value, ref byte slots, int length, int size, int count)
    {
        var found = Vector128<int>.AllBitsSet;
        for (var slot = count - 1; slot >= 0; slot--)
        {
            ref var secret = ref Unsafe.Add(ref slots, (nint)slot * size);
            var folded = (Vector256.IsHardwareAccelerated ? Difference32(ref value, ref secret, length) : Difference16(ref value, ref secret, length)).AsInt32();

            // Each quarter becomes the sum of all four.
            folded |= Vector128.Shuffle(folded, Vector128.Create(2, 3, 0, 1));
            folded |= Vector128.Shuffle(folded, Vector128.Create(1, 0, 3, 2));
            found = Vector128.ConditionalSelect(Vector128.Equals(folded, Vector128<int>.Zero), Vector128.Create(slot), found);
        }

        return found.ToScalar();
    }

    /// <summary>The bits in which any part of the one differs from the same part of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Difference16(ref byte left, ref byte right, int length)
    {
        var difference = Vector128<byte>.Zero;
        for (nuint at = 0; at < (nuint)length; at += (nuint)Vector128<byte>.Count)
        {
            difference |= Vector128.LoadUnsafe(ref left, at) ^ Vector128.LoadUnsafe(ref right, at);
        }

        return difference;
    }

    /// <summary>The same in half of the steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<byte> Difference32(ref byte left, ref byte right, int length)
    {
        var difference = Vector256<byte>.Zero;
        for (nuint at = 0; at < (nuint)length; at += (nuint)Vector256<byte>.Count)
        {
            difference |= Vector256.LoadUnsafe(ref left, at) ^ Vector256.LoadUnsafe(ref right, at);
        }

        return difference.GetLower() | difference.GetUpper();
    }
}
