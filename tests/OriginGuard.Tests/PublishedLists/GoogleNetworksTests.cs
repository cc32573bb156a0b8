using System.Net;
using OriginGuard.PublishedLists;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.PublishedLists;

/// <summary>Whoever answers DNS may send thousands of networks, none of which is objected to, and again every few minutes.</summary>
public sealed class GoogleNetworksTests
{
    [Fact]
    public void Thousands_of_networks_are_compared_without_an_object_for_each_comparison()
    {
        var networks = BuiltInNetworks.Networks;
        var record = Enumerable.Range(0, 4096).Select(static number => new IPNetwork(new IPAddress([34, 96, (byte)(number >> 8), (byte)number]), 32)).ToArray();
        Assert.Null(networks.Objection(record));

        Assert.InRange(Allocation.LeastOf(() => networks.Objection(record)), 0, 1 << 20);
    }
}
