namespace OriginGuard.Connections;

/// <summary>
/// Whether any listener refuses on the connection. On its own, because the options are validated with it, and the guard itself needs valid ones.
/// </summary>
internal sealed class GuardedListeners
{
    private volatile bool _any;

    public bool Any => _any;

    public void Add() => _any = true;
}
