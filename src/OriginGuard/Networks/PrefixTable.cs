using System.Net;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OriginGuard.Networks;

/// <summary>
/// The networks of one family in order, each with the number of the nearest one around it: enough to find the longest match, which only a
/// verdict that is told to somebody needs.
/// </summary>
internal sealed class PrefixTable<TAddress>
    where TAddress : struct, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
{
    private const int None = -1;

    private readonly TAddress[] _firsts;
    private readonly byte[] _lengths;
    private readonly int[] _parents;
    private readonly BaseAddresses<TAddress> _baseAddresses;

    private PrefixTable(ReadOnlySpan<Prefix<TAddress>> prefixes)
    {
        (_firsts, _lengths, _parents) = (new TAddress[prefixes.Length], new byte[prefixes.Length], new int[prefixes.Length]);
        for (var i = 0; i < prefixes.Length; i++)
        {
            (_firsts[i], _lengths[i]) = prefixes[i];
            _parents[i] = NearestAround(i);
        }

        _baseAddresses = new BaseAddresses<TAddress>(_firsts);
    }

    public int Count => _firsts.Length;

    public static PrefixTable<TAddress> Create(List<Prefix<TAddress>> prefixes)
    {
        prefixes.Sort();
        var distinct = 0;
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (i == 0 || prefixes[i] != prefixes[distinct - 1])
            {
                prefixes[distinct++] = prefixes[i];
            }
        }

        return new PrefixTable<TAddress>(CollectionsMarshal.AsSpan(prefixes)[..distinct]);
    }

    public bool TryFind(TAddress address, out IPNetwork network)
    {
        var index = NearestAround(address, LastNotAbove(address));
        network = index == None ? default : new IPNetwork(_baseAddresses[index], _lengths[index]);
        return index != None;
    }

    /// <summary>What the networks cover together, in order, overlapping and adjoining ones as one run.</summary>
    public List<AddressRun> Coverage()
    {
        var shift = 128 - Prefix<TAddress>.Width;
        var below = (UInt128.One << shift) - 1;
        var runs = new List<AddressRun>();
        for (var i = 0; i < _firsts.Length; i++)
        {
            if (_parents[i] != None)
            {
                continue;
            }

            var first = UInt128.CreateTruncating(_firsts[i]) << shift;
            var last = (UInt128.CreateTruncating(At(i).Last) << shift) | below;
            if (runs.Count > 0 && runs[^1].Last + 1 == first)
            {
                runs[^1] = runs[^1] with { Last = last };
            }
            else
            {
                runs.Add(new AddressRun(first, last));
            }
        }

        return runs;
    }

    private Prefix<TAddress> At(int index) => new(_firsts[index], _lengths[index]);

    private int NearestAround(int index) => NearestAround(_firsts[index], index - 1);

    // Networks nest or lie apart. So whatever contains the address also contains the nearest network that begins before it, or is it.
    private int NearestAround(TAddress address, int index)
    {
        while (index != None && !At(index).Contains(address))
        {
            index = _parents[index];
        }

        return index;
    }

    private int LastNotAbove(TAddress address)
    {
        var (low, high) = (0, _firsts.Length);
        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            (low, high) = _firsts[middle] <= address ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
