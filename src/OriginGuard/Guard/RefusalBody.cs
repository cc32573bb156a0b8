using System.Text;

namespace OriginGuard.Guard;

/// <summary>An answer that is the same each time, and the place in it where a reference belongs.</summary>
internal sealed class RefusalBody
{
    private readonly byte[] _whole;
    private readonly int _place;
    private readonly byte[] _before;
    private readonly byte[] _after;

    /// <param name="whole">The answer without a reference.</param>
    /// <param name="end">Its end, in the place of which the reference stands.</param>
    /// <param name="before">What stands in front of a reference.</param>
    /// <param name="after">What stands behind it, and ends the answer.</param>
    public RefusalBody(byte[] whole, ReadOnlySpan<byte> end, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        (_whole, _place, _before, _after) = (whole, whole.Length - end.Length, before.ToArray(), after.ToArray());

    public ReadOnlyMemory<byte> With(string? reference)
    {
        if (reference is null)
        {
            return _whole;
        }

        var body = new byte[_place + _before.Length + reference.Length + _after.Length];
        _whole.AsSpan(0, _place).CopyTo(body);
        _before.CopyTo(body, _place);
        Encoding.ASCII.GetBytes(reference, body.AsSpan(_place + _before.Length));
        _after.CopyTo(body, body.Length - _after.Length);
        return body;
    }
}
