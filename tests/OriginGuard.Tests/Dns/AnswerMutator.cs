namespace OriginGuard.Tests.Dns;

/// <summary>Breaks good answers in the ways in which bits, counts, lengths and pointers break.</summary>
internal sealed class AnswerMutator(Random random, byte[][] goodAnswers)
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x0C, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF];

    public byte[] Next()
    {
        var message = (byte[])goodAnswers[random.Next(goodAnswers.Length)].Clone();
        var mutations = 1 + random.Next(4);
        for (var i = 0; i < mutations; i++)
        {
            message = Mutate(message);
        }

        return message;
    }

    private byte[] Mutate(byte[] message)
    {
        if (message.Length == 0)
        {
            return message;
        }

        var at = random.Next(message.Length);
        switch (random.Next(8))
        {
            case 0:
                message[at] ^= (byte)(1 << random.Next(8));
                return message;
            case 1:
                message[at] = (byte)random.Next(256);
                return message;
            case 2:
                message[at] = Telling[random.Next(Telling.Length)];
                return message;
            case 3:
                return message[..at];
            case 4:
                return [.. message[..at], .. message[Math.Min(message.Length, at + 1 + random.Next(8))..]];
            case 5:
                return [.. message[..at], (byte)random.Next(256), .. message[at..]];
            case 6:
                // A pointer to anywhere near, or a count or length to its limit.
                message[at] = random.Next(2) == 0 ? (byte)0xC0 : (byte)0xFF;
                message[Math.Min(at + 1, message.Length - 1)] = (byte)random.Next(256);
                return message;
            default:
                return [.. message[..at], .. message[random.Next(at + 1)..]];
        }
    }
}
