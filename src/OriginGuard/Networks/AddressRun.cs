namespace OriginGuard.Networks;

/// <summary>
/// Addresses that lie without a gap between two, both included. Addresses of both families stand at the left of the 128 bits, so that bit
/// offsets count alike; an IPv4 run covers all that may stand right of its last address.
/// </summary>
internal readonly record struct AddressRun(UInt128 First, UInt128 Last);
