namespace OriginGuard.Checks;

/// <summary>Counts the requests that went on by each of the secrets that they were compared with.</summary>
internal interface ISlotCounts
{
    /// <param name="slot">Where the secret stands among those.</param>
    void CountMatch(int slot);
}
