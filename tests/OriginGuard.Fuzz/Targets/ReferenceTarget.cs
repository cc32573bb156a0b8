using System.Text;
using OriginGuard.References;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// A reference that somebody copied, and the octets of a record: nothing opens but what the key has sealed, and octets are refused with an
/// <see cref="InvalidDataException"/> or are a record that can be sealed, opened and explained.
/// </summary>
internal static class ReferenceTarget
{
    /// <summary>The one reference that the key has sealed.</summary>
    public const string Sealed = "AZERsEFOMMiRLDibhsfA6COCelwKNZtajBWQ7OBYZ8rWlfHUFjkc1RjgtZAzLLRmK-6mrLD7jgzqilmiueBXYUZDnLKwONhyVS2XuoEZhs3trAmMFmczqOSdscu-1QnNdiT33Jq_VJB_QjHNFQdcyAJHfwcrmoGWhwvj97HpCwgyXNY0owZTB-EbYUFzD7HH";

    private static readonly ReferenceKey Key = ReferenceKey.From("a-key-of-thirty-two-random-bytes-0001");

    public static bool Play(byte[] input) => PlayText(Encoding.UTF8.GetString(input)) | PlayOctets(input);

    private static bool PlayText(string text)
    {
        var found = ReferenceText.Find(text);
        ThrowUnless(found is null || found.Length == ReferenceKey.ReferenceLength, "What was found has not the length of a reference.");
        ThrowUnless(found is null || ReferenceText.Find(found) == found, "What was found is not found again.");
        ThrowUnless(found is null || string.Concat(text.Where(static character => character is not (' ' or '\t' or '\r' or '\n' or '>'))).Contains(found, StringComparison.Ordinal), "What was found is not there.");

        foreach (var reference in (string[])[text, found ?? ""])
        {
            var opened = Key.Open(reference, out var problem);
            ThrowUnless(opened is null == problem is not null, "A problem is said, or is not, where there is none, or one.");
            ThrowUnless(opened is not null == (reference == Sealed), "A forged reference opens, or the good one does not.");
        }

        return found == Sealed;
    }

    private static bool PlayOctets(byte[] input)
    {
        if (input.Length < RefusalRecordForm.Length)
        {
            return false;
        }

        RefusalRecord record;
        try
        {
            record = RefusalRecordForm.Read(input.AsSpan(0, RefusalRecordForm.Length));
        }
        catch (InvalidDataException)
        {
            return false;
        }

        var opened = Key.Open(Key.Seal(record), out _) ?? throw new BrokenPropertyException("What was sealed does not open.");
        ThrowUnless((opened.Time, opened.Reason) == (record.Time, record.Reason) && Equals(opened.Peer, record.Peer) && opened.Layers.SequenceEqual(record.Layers), "It opens to another record.");
        ThrowUnless(record.Path.StartsWith(opened.Path, StringComparison.Ordinal) && record.Method.StartsWith(opened.Method, StringComparison.Ordinal), "Path and method are not their own beginning.");
        _ = Explanation.Of(record);
        return true;
    }
}
