using System.Net;
using OriginGuard.Networks;

namespace OriginGuard.Ranges;

/// <summary>Whom the terms of a record admit, term by term: who has been taken out by one is not admitted by any behind it (RFC 7208, section 4.6.2).</summary>
internal sealed class FirstMatch
{
    /// <summary>Far above what a list of admitted networks takes out again, and a bound for what the subtraction costs.</summary>
    private const int MaxTakenOut = 100;

    /// <summary>How often a record may say all its networks again.</summary>
    private const int MaxRepeated = 10;

    /// <summary>How many comparisons with what is taken out already a record may cost by saying it again: as many as ten thousand networks, each compared with all, ten times.</summary>
    private const long MaxCompared = (long)MaxRepeated * RangeRules.MaxNetworks * MaxTakenOut;

    private readonly HashSet<IPNetwork> _admitted = [];
    private IReadOnlyList<IPNetwork> _takenOut = [];
    private bool _takesOutOthers;
    private int _looked;
    private long _compared;

    /// <summary>Each once, in the order in which they were admitted.</summary>
    public IReadOnlyList<IPNetwork> Networks => [.. _admitted];

    /// <summary>The next term. Returns the rule that it breaks, or null.</summary>
    /// <param name="networks">Whom it matches.</param>
    /// <param name="matchesOthers">Whether it matches more than these, and nobody here can say whom.</param>
    /// <param name="passes">Whether whom it matches is admitted.</param>
    /// <param name="record">The record, for the sentence.</param>
    public RangeBreach? Add(IReadOnlyList<IPNetwork> networks, bool matchesOthers, bool passes, string record)
    {
        if (!passes)
        {
            _takesOutOthers |= matchesOthers;
            if (networks.All(IsTakenOut))
            {
                // Said again: a record may hold thousands of such terms, but not of the same long include.
                _compared += (long)networks.Count * _takenOut.Count;
                return _compared > MaxCompared ? TooMany(record) : null;
            }

            if (_takenOut.Count + networks.Count > MaxTakenOut)
            {
                return new RangeBreach(RangeFailure.TooManyNetworks, $"{record}: more than {MaxTakenOut} networks are taken out again");
            }

            // Apart from one another: then no piece that one of them leaves is made in vain, for the next to take.
            _takenOut = NetworkSet.Aggregate([.. _takenOut, .. networks]);
            return null;
        }

        if (_takesOutOthers)
        {
            return new RangeBreach(RangeFailure.Malformed, $"{record}: an include takes addresses out that only a mail server could look up");
        }

        foreach (var network in networks)
        {
            IReadOnlyList<IPNetwork> left = _takenOut.Count == 0 ? [network] : NetworkSet.Subtract(network, _takenOut);
            _admitted.UnionWith(left);

            // What was left each time, and not only what is new of it: a record that says the same again and again costs the same again and again. Where nothing has to be taken
            // out, it costs so little that a record may repeat itself.
            _looked += _takenOut.Count == 0 ? 1 : Math.Max(left.Count, 1) * MaxRepeated;
            if (_admitted.Count > RangeRules.MaxNetworks || _looked > MaxRepeated * RangeRules.MaxNetworks)
            {
                return TooMany(record);
            }
        }

        return null;
    }

    private static RangeBreach TooMany(string record) =>
        new(RangeFailure.TooManyNetworks, $"{record}: more than {RangeRules.MaxNetworks} networks, or the same again and again");

    private bool IsTakenOut(IPNetwork network) => _takenOut.Any(taken => NetworkSet.Contain(taken, network));
}
