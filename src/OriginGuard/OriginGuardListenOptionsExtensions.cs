using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard;
using OriginGuard.Configuration;
using OriginGuard.Connections;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Puts the guard on a listener.</summary>
public static class OriginGuardListenOptionsExtensions
{
    /// <summary>
    /// Refuses peers outside the ranges on the connection: they get neither a TLS handshake nor an answer. Call it before <c>UseHttps</c>; after it, a
    /// stranger is refused only once the handshake has been paid for (and, over HTTP/3, always: that handshake is the transport's). It refuses by the
    /// source address layer alone, so <c>app.UseOriginGuard()</c> is needed all the same. The start fails with
    /// <see cref="PeerAddressSource.ForwardedFor"/>, which a connection does not show. Calling it twice is harmless.
    /// </summary>
    /// <param name="listenOptions">The listener.</param>
    /// <returns>The same listener, for more settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="listenOptions"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><c>AddOriginGuard</c> was not called.</exception>
    public static ListenOptions UseOriginGuard(this ListenOptions listenOptions)
    {
        ArgumentNullException.ThrowIfNull(listenOptions);
        var services = listenOptions.ApplicationServices;
        var listeners = services.GetService<GuardedListeners>() ?? throw new InvalidOperationException(
            "listenOptions.UseOriginGuard was called, AddOriginGuard was not. Call builder.Services.AddOriginGuard(builder.Configuration) before builder.Build().");

        listeners.Add();

        // The rest when the listener is bound: the options are read at the start, by then with this listener in mind.
        var guard = new Lazy<ListenerGuard>(() => Create(services, listenOptions));
        listenOptions.Use(next => guard.Value.Before(next));
        ((IMultiplexedConnectionBuilder)listenOptions).Use(next => guard.Value.Before(next));
        return listenOptions;
    }

    private static ListenerGuard Create(IServiceProvider services, ListenOptions listenOptions)
    {
        // A listener that came only now, as those of a configuration do, may have come after the options were found good without it.
        List<string> mistakes = [];
        ConnectionGuardRules.Check(services.GetRequiredService<OptionsInForce>().Current, mistakes);
        return mistakes.Count == 0
            ? new ListenerGuard(services.GetRequiredService<ConnectionGuard>(), listenOptions.EndPoint)
            : throw new OptionsValidationException(Options.DefaultName, typeof(OriginGuardOptions), mistakes);
    }
}
