using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using OriginGuard.Telemetry;

namespace OriginGuard.SharedSecret;

/// <summary>
/// The valid secrets, each padded to one size. A value is compared with all of them, in constant time and without stopping at the first match, so that
/// time tells neither how much of a guess is right nor which slot matched. (docs/design/002: why padding and not a digest.)
/// </summary>
internal sealed class SecretRing
{
    // A secret lies in its slot behind its length: without it, a guess with zeros at its end would be as good as one without.
    private const int LengthSize = sizeof(ushort);

    // Time may tell the length of the longest secret to within 16 characters; those of 32 random bytes have 43, as everybody can read.
    private const int SizeStep = 16;

    // What a request compares in is zeroed first: 1 KiB for a secret of 43 characters would be half as dear as the comparison.
    private const int UsualSize = 4 * SizeStep;
    private const int LargestSize = LengthSize + SecretText.MaxLength + SizeStep;

    private readonly int _size;
    private readonly byte[] _slots;
    private readonly StripedCounters _matches;

    public SecretRing(IReadOnlyList<string> secrets)
    {
        Count = secrets.Count;
        _matches = new StripedCounters(Count);
        _size = (LengthSize + secrets.Select(static secret => secret.Length).DefaultIfEmpty().Max() + SizeStep - 1) / SizeStep * SizeStep;
        _slots = new byte[Count * _size];
        for (var slot = 0; slot < Count; slot++)
        {
            TryPad(secrets[slot], _slots.AsSpan(slot * _size, _size));
        }
    }

    public static SecretRing Empty { get; } = new([]);

    public int Count { get; }

    /// <summary>The first slot whose secret the value is, or null.</summary>
    public int? Find(ReadOnlySpan<char> value)
    {
        Span<byte> padded = _size <= UsualSize ? stackalloc byte[UsualSize] : stackalloc byte[LargestSize];
        if (!TryPad(value, padded))
        {
            return null;
        }

        var found = -1;
        for (var slot = Count - 1; slot >= 0; slot--)
        {
            found = CryptographicOperations.FixedTimeEquals(padded[.._size], _slots.AsSpan(slot * _size, _size)) ? slot : found;
        }

        return found < 0 ? null : found;
    }

    /// <summary>
    /// Counts a request that went on by the secret of a slot. With the ring goes its count: after a change slot 1 may hold what slot 0 held, and a number
    /// that spans both would say of neither whether it is still in use.
    /// </summary>
    public void CountMatch(int slot)
    {
        // The request may have been compared with the ring before this one.
        if (slot < Count)
        {
            _matches.Add(slot);
        }
    }

    /// <summary>How many requests went on by the secret of a slot since this ring is in force.</summary>
    public long MatchesOf(int slot) => _matches[slot];

    /// <summary>A fixed mask and the number of secrets.</summary>
    public override string ToString() => $"*** ({Count})";

    private static bool TryPad(ReadOnlySpan<char> value, Span<byte> zeros)
    {
        if (value.Length > SecretText.MaxLength || Ascii.FromUtf16(value, zeros[LengthSize..], out var length) is not OperationStatus.Done)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(zeros, (ushort)length);
        return true;
    }
}
