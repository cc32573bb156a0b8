using System.Runtime.Intrinsics;
using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SlotSearchTests
{
    private const int Size = 1056;

    private readonly Random _random = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Each_bit_of_each_slot_counts(int count)
    {
        var slots = new byte[count * Size];
        _random.NextBytes(slots);
        for (var at = 0; at < slots.Length; at++)
        {
            var value = slots.AsSpan(at / Size * Size, Size).ToArray();
            Assert.Equal((at / Size, at / Size), Find(value, slots));

            value[at % Size] ^= (byte)(1 << _random.Next(8));
            Assert.Equal((-1, -1), Find(value, slots));
        }
    }

    [Fact]
    public void Half_as_wide_vectors_see_each_bit_too()
    {
        var (left, right) = (new byte[Size], new byte[Size]);
        _random.NextBytes(left);
        left.CopyTo(right, 0);
        for (var at = 0; at < Size; at++)
        {
            right[at] ^= (byte)(1 << _random.Next(8));
            Assert.NotEqual(Vector128<byte>.Zero, SlotSearch.Difference16(ref left[0], ref right[0], Size));
            Assert.NotEqual(Vector128<byte>.Zero, SlotSearch.Difference32(ref left[0], ref right[0], Size));

            right[at] = left[at];
            Assert.Equal(Vector128<byte>.Zero, SlotSearch.Difference16(ref left[0], ref right[0], Size));
            Assert.Equal(Vector128<byte>.Zero, SlotSearch.Difference32(ref left[0], ref right[0], Size));
        }
    }

    [Fact]
    public void The_first_of_equal_slots_is_found()
    {
        var value = new byte[Size];
        _random.NextBytes(value);

        Assert.Equal((1, 1), Find(value, [.. new byte[Size], .. value, .. value, .. new byte[Size]]));
    }

    [Fact]
    public void What_lies_behind_the_slots_is_none()
    {
        var memory = new byte[4 * Size];
        _random.NextBytes(memory);
        for (var behind = 1; behind < 4; behind++)
        {
            var value = memory.AsSpan(behind * Size, Size);
            Assert.Equal((-1, -1), (SlotSearch.Find(value, memory.AsSpan(0, Size), Size), SlotSearch.FindBytewise(value, memory.AsSpan(0, Size), Size)));
        }
    }

    [Fact]
    public void Among_no_slots_nothing_is_found() => Assert.Equal((-1, -1), Find(new byte[Size], []));

    [Theory]
    [InlineData(0, 64, 32)]
    [InlineData(31, 64, 32)]
    [InlineData(48, 64, 64)]
    [InlineData(64, 64, 32)]
    [InlineData(32, 80, 32)]
    public void What_does_not_fit_is_a_mistake(int value, int slots, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SlotSearch.Find(new byte[value], new byte[slots], size));

    /// <summary>As much of each slot is looked at as the value is long, and no more.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(1024)]
    public void A_slot_is_found_by_its_beginning(int length)
    {
        var slots = new byte[3 * Size];
        _random.NextBytes(slots);
        var value = slots.AsSpan(Size, length).ToArray();
        slots.AsSpan(Size + length, Size - length).Clear();

        Assert.Equal((1, 1), Find(value, slots));
        for (var at = 0; at < length; at++)
        {
            slots[Size + at] ^= (byte)(1 << _random.Next(8));
            Assert.Equal((-1, -1), Find(value, slots));

            slots[Size + at] = value[at];
        }
    }

    // With and without vectors.
    private static (int ByVectors, int Bytewise) Find(byte[] value, byte[] slots) => (SlotSearch.Find(value, slots, Size), SlotSearch.FindBytewise(value, slots, Size));
}
