using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OriginGuard.Checks;
using OriginGuard.Telemetry;

namespace OriginGuard.SharedSecret;

/// <summary>
/// The valid secrets, each padded to one size, which is the same for all secrets that there can be. As much of each as the value is long is compared with it, in constant time and
/// without stopping at the first match, so that time tells neither how much of a guess is right, nor which slot matched, nor how long a secret is, but only how long the guess was.
/// (docs/design/002: why padding and not a digest.)
/// </summary>
internal sealed class SecretRing : ISlotCounts
{
    // A secret lies in its slot behind its length: without it, a guess with zeros at its end, or one that a secret begins with, would be as good as the secret.
    private const int LengthSize = sizeof(ushort);

    private static readonly int Size = SizeOf(SecretText.MaxLength);

    private readonly byte[] _slots;
    private readonly StripedCounters _matches;
    private long _questions;

    public SecretRing(IReadOnlyList<string> secrets)
    {
        Count = secrets.Count;
        _matches = new StripedCounters(Count);
        _slots = new byte[Count * Size];
        for (var slot = 0; slot < Count; slot++)
        {
            TryPad(secrets[slot], _slots.AsSpan(slot * Size, Size));
        }
    }

    public static SecretRing Empty { get; } = new([]);

    public int Count { get; }

    /// <summary>The first slot whose secret the value is, or null.</summary>
    public int? Find(ReadOnlySpan<char> value)
    {
        if (value.Length > SecretText.MaxLength)
        {
            return null;
        }

        Span<byte> padded = stackalloc byte[SizeOf(value.Length)];
        return TryPad(value, padded) && SlotSearch.Find(padded, _slots, Size) is >= 0 and var slot ? slot : null;
    }

    /// <summary>Whether a slot holds what an earlier one holds, as two files do between rotations: it never counts, and there is nothing to take out.</summary>
    public bool Repeats(int slot) => SlotSearch.Find(_slots.AsSpan(slot * Size, Size), _slots, Size) != slot;

    /// <summary>
    /// Counts a request that went on by the secret of a slot. With the ring goes its count: after a change slot 1 may hold what slot 0 held, and a number
    /// that spans both would say of neither whether it is still in use.
    /// </summary>
    public void CountMatch(int slot) => _matches.Add(slot);

    /// <summary>How many requests went on by the secret of a slot since this ring is in force.</summary>
    public long MatchesOf(int slot) => _matches[slot];

    /// <summary>How many of the requests with the first secret only asked how far its rotation is: they prove nothing of the load balancer's other back ends.</summary>
    public long Questions => Interlocked.Read(ref _questions);

    /// <summary>Counts such a request.</summary>
    public void CountQuestion() => Interlocked.Increment(ref _questions);

    /// <summary>A fixed mask and the number of secrets.</summary>
    public override string ToString() => $"*** ({Count})";

    private static int SizeOf(int length) => (LengthSize + length + SlotSearch.Step - 1) / SlotSearch.Step * SlotSearch.Step;

    private static bool TryPad(ReadOnlySpan<char> value, Span<byte> zeros)
    {
        if (Ascii.FromUtf16(value, zeros[LengthSize..], out var length) is not OperationStatus.Done)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(zeros, (ushort)length);
        return true;
    }
}
