namespace OriginGuard.Ranges;

/// <summary>What the refresh of a record wants of the supply that it is a part of.</summary>
internal interface IRecordSupply
{
    /// <summary>Puts in force what is at hand for a record whose ranges have been dropped.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="isDenied">Fresh lists have denied them: they must not come back from the snapshot, at the next start perhaps, before there are lists.</param>
    void StandIn(string name, bool isDenied);

    /// <summary>Puts in force what is at hand without the disk, which hangs.</summary>
    /// <param name="name">The record's name.</param>
    void StandInWithoutDisk(string name);

    /// <summary>Learns how a refresh ended.</summary>
    /// <param name="result"><c>changed</c>, <c>unchanged</c> or <c>failed</c>.</param>
    /// <param name="duration">How long it took.</param>
    void Ended(string result, TimeSpan duration);
}
