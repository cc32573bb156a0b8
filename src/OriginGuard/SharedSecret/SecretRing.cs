using System.Security.Cryptography;
using System.Text;
using OriginGuard.Checks;

namespace OriginGuard.SharedSecret;

/// <summary>
/// The valid secrets, as keyed digests. A value is compared with all of them, in constant time and without stopping at the first match, so that
/// time tells neither how much of a guess is right nor which slot matched nor how long the secrets are.
/// </summary>
internal sealed class SecretRing
{
    private const int DigestSize = SHA256.HashSizeInBytes;
    private const int KeySize = 32;

    // A key of this process alone: an attacker cannot compute the digest of a guess. In front of the value it is as good here as HMAC, which answers
    // attacks on digests that somebody sees, and costs less than half.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeySize);
    private readonly byte[] _digests;
    private readonly StripedCounters _matches;

    public SecretRing(IReadOnlyList<string> secrets)
    {
        Count = secrets.Count;
        _matches = new StripedCounters(Count);
        _digests = new byte[Count * DigestSize];
        for (var slot = 0; slot < Count; slot++)
        {
            SHA256.HashData([.. _key, .. Encoding.ASCII.GetBytes(secrets[slot])], _digests.AsSpan(slot * DigestSize, DigestSize));
        }
    }

    public static SecretRing Empty { get; } = new([]);

    public int Count { get; }

    /// <summary>The first slot whose secret the value is, or null.</summary>
    public int? Find(ReadOnlySpan<char> value)
    {
        Span<byte> keyed = stackalloc byte[KeySize + SecretText.MaxLength];
        if (value.Length > SecretText.MaxLength || Ascii.FromUtf16(value, keyed[KeySize..], out var length) is not System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        _key.CopyTo(keyed);
        Span<byte> digest = stackalloc byte[DigestSize];
        SHA256.HashData(keyed[..(KeySize + length)], digest);
        var found = -1;
        for (var slot = Count - 1; slot >= 0; slot--)
        {
            found = CryptographicOperations.FixedTimeEquals(digest, _digests.AsSpan(slot * DigestSize, DigestSize)) ? slot : found;
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
}
