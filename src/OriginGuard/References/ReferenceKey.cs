using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OriginGuard.References;

/// <summary>
/// Seals records into references and opens them again: AES-256-GCM under a key that is derived from the operator's text (HKDF, RFC 5869), with a nonce from random
/// bytes. Nobody who lacks the key reads, makes or changes one. Prints nothing of the key.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "In use as long as any request holds its plan; the cipher ends with it.")]
internal sealed class ReferenceKey
{
    // A reference: form, id of the key, nonce, sealed record, tag. All of it is bound together by the tag.
    private const byte Form = 1;
    private const int IdAt = 1;
    private const int NonceAt = IdAt + IdLength;
    private const int IdLength = 3;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int NoncesAtOnce = 100;
    private const int RecordAt = NonceAt + NonceLength;
    private const int TagAt = RecordAt + RefusalRecordForm.Length;
    private const int RawLength = TagAt + TagLength;

    private readonly Lock _lock = new();
    private readonly AesGcm _cipher;
    private readonly byte[] _id;

    // Random bytes by the hundred nonces: asking the system for twelve costs nearly as much as for twelve hundred.
    private readonly byte[] _nonces = new byte[NoncesAtOnce * NonceLength];
    private int _nextNonce = NoncesAtOnce;

    private ReferenceKey(ReadOnlySpan<byte> material)
    {
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, key, [], "OriginGuard reference"u8);
        _cipher = new AesGcm(key, TagLength);
        _id = new byte[IdLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, _id, [], "OriginGuard reference id"u8);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>How many characters a reference has: all have as many.</summary>
    public static int ReferenceLength { get; } = Base64Url.GetEncodedLength(RawLength);

    /// <summary>Tells keys apart, and nothing about them: it stands in each reference.</summary>
    public string Id => Convert.ToHexStringLower(_id);

    /// <summary>The key of an operator's text, the same wherever it is given.</summary>
    public static ReferenceKey From(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A key that ends with this process.</summary>
    public static ReferenceKey OfThisProcess() => new(RandomNumberGenerator.GetBytes(32));

    public string Seal(RefusalRecord record)
    {
        Span<byte> raw = stackalloc byte[RawLength];
        Span<byte> plain = stackalloc byte[RefusalRecordForm.Length];
        RefusalRecordForm.Write(record, plain);
        raw[0] = Form;
        _id.CopyTo(raw[IdAt..]);
        lock (_lock)
        {
            TakeNonce(raw.Slice(NonceAt, NonceLength));
            _cipher.Encrypt(raw.Slice(NonceAt, NonceLength), plain, raw.Slice(RecordAt, RefusalRecordForm.Length), raw.Slice(TagAt, TagLength), raw[..NonceAt]);
        }

        return Base64Url.EncodeToString(raw);
    }

    /// <summary>Opens a reference; where it does not open, the problem is a sentence for people.</summary>
    public RefusalRecord? Open(string reference, out string? problem)
    {
        Span<byte> raw = stackalloc byte[RawLength];
        Span<byte> plain = stackalloc byte[RefusalRecordForm.Length];
        problem = Problem(reference, raw);
        if (problem is not null)
        {
            return null;
        }

        try
        {
            lock (_lock)
            {
                _cipher.Decrypt(raw.Slice(NonceAt, NonceLength), raw.Slice(RecordAt, RefusalRecordForm.Length), raw.Slice(TagAt, TagLength), plain, raw[..NonceAt]);
            }

            return RefusalRecordForm.Read(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            problem = "It was changed on its way, or made up: its seal does not hold.";
        }
        catch (InvalidDataException)
        {
            problem = "It was made by another version of OriginGuard, and this one cannot read it.";
        }

        return null;
    }

    /// <summary>A fixed mask and the id.</summary>
    public override string ToString() => $"*** ({Id})";

    private void TakeNonce(Span<byte> target)
    {
        if (_nextNonce == NoncesAtOnce)
        {
            RandomNumberGenerator.Fill(_nonces);
            _nextNonce = 0;
        }

        _nonces.AsSpan(_nextNonce++ * NonceLength, NonceLength).CopyTo(target);
    }

    private string? Problem(string reference, Span<byte> raw)
    {
        if (reference.Length != ReferenceLength || !Base64Url.IsValid(reference, out var length) || length != RawLength)
        {
            return $"It is no reference: {ReferenceLength} characters of base64url are needed.";
        }

        Base64Url.DecodeFromChars(reference, raw);
        var id = raw.Slice(IdAt, IdLength);
        return raw[0] != Form ? "It was made by another version of OriginGuard, and this one cannot read it."
            : id.SequenceEqual(_id) ? null
            : $"It is sealed with another key: its key has the id {Convert.ToHexStringLower(id)}, the one at hand has {Id}.";
    }
}
