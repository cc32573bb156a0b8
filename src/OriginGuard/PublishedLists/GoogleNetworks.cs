using System.Net;
using OriginGuard.Networks;

namespace OriginGuard.PublishedLists;

/// <summary>
/// The networks that are Google's own and not for customers: <c>goog.json</c> without <c>cloud.json</c>. The addresses that the load balancer sends from lie
/// among them, a customer's virtual machine never does. Immutable.
/// </summary>
/// <param name="google">What is Google's.</param>
/// <param name="cloud">What customers use of it.</param>
internal sealed class GoogleNetworks(PublishedList google, PublishedList cloud)
{
    private readonly IReadOnlyList<IPNetwork> _google = NetworkSet.Aggregate(google.Networks);

    /// <summary>When the older of the two lists was published.</summary>
    public DateTimeOffset PublishedAt { get; } = google.PublishedAt < cloud.PublishedAt ? google.PublishedAt : cloud.PublishedAt;

    /// <summary>How many networks the two lists have.</summary>
    public (int Google, int Cloud) Count => (google.Networks.Count, cloud.Networks.Count);

    /// <summary>Why the first network that does not lie wholly among Google's own does not; null when all do.</summary>
    public string? Objection(IEnumerable<IPNetwork> networks) => networks.Select(Objection).FirstOrDefault(static objection => objection is not null);

    /// <summary>The first network that holds a whole one of Google's customers, and that one; null when none does.</summary>
    public (IPNetwork Network, IPNetwork Customers)? FirstRented(IEnumerable<IPNetwork> networks)
    {
        foreach (var network in networks)
        {
            foreach (var customers in cloud.Networks)
            {
                if (NetworkSet.Contain(network, customers))
                {
                    return (network, customers);
                }
            }
        }

        return null;
    }

    private string? Objection(IPNetwork network)
    {
        // Aggregated: a network that several of the list hold together lies in one.
        if (!_google.Any(wide => NetworkSet.Contain(wide, network)))
        {
            return $"{network} is not in goog.json";
        }

        foreach (var customers in cloud.Networks)
        {
            if (NetworkSet.Overlap(network, customers))
            {
                return $"{network} overlaps {customers}, which cloud.json gives to customers";
            }
        }

        return null;
    }
}
