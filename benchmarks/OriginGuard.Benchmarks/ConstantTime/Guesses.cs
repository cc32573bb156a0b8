namespace OriginGuard.Benchmarks.ConstantTime;

/// <summary>
/// Wrong values in random order, of two classes: all but one character of the secret, always the same, or nothing of it. Each is a text of its own,
/// written anew: that one class lies in the cache and the other does not would be a difference, but not the one that is looked for.
/// </summary>
internal sealed class Guesses(string secret, int count)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private readonly Random _random = new(1);
    private readonly string _near = secret[..^1] + (secret[^1] == 'A' ? 'B' : 'A');

    public string[] Values { get; } = new string[count];

    public bool[] AreNear { get; } = new bool[count];

    public void Renew()
    {
        for (var i = 0; i < count; i++)
        {
            // Both are written by the same steps, whichever class it is.
            var far = _random.GetString(Alphabet, _near.Length);
            AreNear[i] = _random.Next(2) == 0;
            Values[i] = string.Concat((AreNear[i] ? _near : far).AsSpan(), []);
        }
    }
}
