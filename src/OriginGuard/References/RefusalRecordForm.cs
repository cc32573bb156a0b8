using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace OriginGuard.References;

/// <summary>
/// The octets of a record: always as many, whatever it says, so that the length of a reference tells nothing. What is too long for its place is cut: a path and a
/// method at the end, the name of a machine at the beginning.
/// </summary>
internal static class RefusalRecordForm
{
    public const int Length = PathAt + PathLength;

    private const int LayersAt = 8;
    private const int LayersLength = 2 * MostLayers;
    private const int ReasonAt = LayersAt + LayersLength;
    private const int AddressAt = ReasonAt + 2;
    private const int AddressLength = 16;
    private const int MethodAt = AddressAt + AddressLength;
    private const int MethodLength = 8;
    private const int InstanceAt = MethodAt + MethodLength;
    private const int InstanceLength = 16;
    private const int PathAt = InstanceAt + InstanceLength;
    private const int PathLength = 54;

    private const int MostLayers = 4; // of a state and a reason each; more of them need another form
    private const int Mild = 0x80;

    public static void Write(RefusalRecord record, Span<byte> target)
    {
        target = target[..Length];
        target.Clear();
        BinaryPrimitives.WriteInt64BigEndian(target, record.Time.ToUnixTimeMilliseconds());
        for (var i = 0; i < Math.Min(record.Layers.Count, MostLayers); i++)
        {
            var (state, reason, isMild) = record.Layers[i];
            (target[LayersAt + (2 * i)], target[LayersAt + (2 * i) + 1]) = ((byte)((int)state | (isMild ? Mild : 0)), (byte)reason);
        }

        target[ReasonAt] = (byte)record.Reason;
        if (record.Peer is { } peer && peer.TryWriteBytes(target.Slice(AddressAt, AddressLength), out var length))
        {
            target[ReasonAt + 1] = (byte)length;
        }

        WriteBeginning(record.Method, target.Slice(MethodAt, MethodLength));
        WriteBeginning(record.Instance.Length > InstanceLength ? record.Instance[^InstanceLength..] : record.Instance, target.Slice(InstanceAt, InstanceLength));
        WriteBeginning(record.Path, target.Slice(PathAt, PathLength));
    }

    /// <summary>Whether a path fills its place, and so may go on.</summary>
    public static bool IsFull(string path) => Encoding.UTF8.GetByteCount(path) > PathLength - 4;

    /// <exception cref="InvalidDataException">These are no octets of a record.</exception>
    public static RefusalRecord Read(ReadOnlySpan<byte> source)
    {
        try
        {
            return new RefusalRecord
            {
                Time = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(source)),
                Reason = Reason(source[ReasonAt]),
                Layers = ReadLayers(source.Slice(LayersAt, LayersLength)),
                Peer = source[ReasonAt + 1] == 0 ? null : new IPAddress(source.Slice(AddressAt, source[ReasonAt + 1])),
                Method = ReadText(source.Slice(MethodAt, MethodLength)),
                Instance = ReadText(source.Slice(InstanceAt, InstanceLength)),
                Path = ReadText(source.Slice(PathAt, PathLength)),
            };
        }
        catch (Exception failure) when (failure is ArgumentException)
        {
            throw new InvalidDataException("The record is of another kind.", failure);
        }
    }

    private static LayerRecord[] ReadLayers(ReadOnlySpan<byte> source)
    {
        var layers = new LayerRecord[MostLayers];
        for (var i = 0; i < layers.Length; i++)
        {
            var state = source[2 * i];
            layers[i] = new LayerRecord(State((byte)(state & ~Mild)), Reason(source[(2 * i) + 1]), (state & Mild) != 0);
        }

        return layers;
    }

    private static LayerState State(byte number) =>
        Enum.IsDefined((LayerState)number) ? (LayerState)number : throw new InvalidDataException("A layer has a state that this version does not know.");

    private static RefusalReason Reason(byte number) =>
        Enum.IsDefined((RefusalReason)number) ? (RefusalReason)number : throw new InvalidDataException("The record has a reason that this version does not know.");

    // Whole characters only: what does not fit any more is left out.
    private static void WriteBeginning(string text, Span<byte> target) => Utf8.FromUtf16(text, target, out _, out _);

    private static string ReadText(ReadOnlySpan<byte> source) => Encoding.UTF8.GetString(source[..(source.IndexOf((byte)0) is >= 0 and var end ? end : source.Length)]);
}
