using System.Collections.Concurrent;

namespace OriginGuard.TestKit;

/// <summary>
/// Answers TXT queries from a script that the test may change at any time. A name without a line in it does not exist. Names are compared
/// as DNS does, without regard to case.
/// </summary>
public sealed class ScriptedTxtResolver : ITxtResolver
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, ValueTask<TxtAnswer>>> _script =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>Every name that was asked for, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>How many questions came, those held back at the gate included.</summary>
    public int Calls => _asked.Count;

    /// <summary>Awaited before each answer, so that a test can hold one back; null lets all pass.</summary>
    public Func<string, CancellationToken, Task>? Gate { get; set; }

    /// <summary>Answers the name with these records and a TTL of five minutes.</summary>
    public ScriptedTxtResolver Answer(string name, params string[] texts) => Answer(name, TxtAnswer.Found(texts, TimeSpan.FromMinutes(5)));

    public ScriptedTxtResolver Answer(string name, TxtAnswer answer) => Answer(name, _ => ValueTask.FromResult(answer));

    public ScriptedTxtResolver Answer(string name, Func<CancellationToken, ValueTask<TxtAnswer>> answer)
    {
        _script[name] = answer;
        return this;
    }

    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        _asked.Enqueue(name);
        if (Gate is { } gate)
        {
            await gate(name, cancellationToken);
        }

        return _script.TryGetValue(name, out var answer)
            ? await answer(cancellationToken)
            : TxtAnswer.Failed(TxtError.NameError, "the script has no such name");
    }
}
