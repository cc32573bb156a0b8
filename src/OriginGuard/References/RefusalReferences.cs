using OriginGuard.Telemetry;

namespace OriginGuard.References;

/// <summary>The references of one configuration: seals what was refused, as often as is good for the origin.</summary>
/// <param name="key">The key in force.</param>
/// <param name="isOfProcess">Whether it ends with the process.</param>
/// <param name="rate">How often one may be made; of the process, so that a reload gives nobody more.</param>
internal sealed class RefusalReferences(ReferenceKey key, bool isOfProcess, PerSecond rate)
{
    public const int MostPerSecond = 200;

    public ReferenceKey Key => key;

    public bool IsOfProcess => isOfProcess;

    /// <summary>What an operator may not have meant by the key: a sentence for each, with what to do.</summary>
    public IReadOnlyList<string> Weaknesses { get; init; } = [];

    /// <summary>Whether one may be made now. To be asked before the record is.</summary>
    public bool Take() => rate.Take();

    public string Seal(RefusalRecord record) => key.Seal(record);
}
