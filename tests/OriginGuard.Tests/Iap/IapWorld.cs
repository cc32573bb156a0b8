using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Iap;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>An issuer, its keys, a clock and the verifier that is asked about them.</summary>
internal sealed class IapWorld : IAsyncDisposable
{
    public const string Audience = "/projects/123456789/global/backendServices/987654321";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public IapWorld(Action<IapOptions>? configure = null)
    {
        Issuer = new IapAssertionIssuer(Time);
        Keys = new ScriptedKeyHandler(() => Issuer.KeySet);
        Sources = new IapKeySources(Keys, Time, Logs.CreateLogger<IapKeySource>(), _services.GetRequiredService<IMeterFactory>());
        Verifier = new IapVerifier(Sources, Time, Logs.CreateLogger<IapVerifier>());
        Options = new IapOptions { Audiences = [Audience] };
        configure?.Invoke(Options);
    }

    public ManualTimeProvider Time { get; } = new();

    public LogRecorder Logs { get; } = new();

    public IapAssertionIssuer Issuer { get; }

    public ScriptedKeyHandler Keys { get; }

    public IapKeySources Sources { get; }

    public IapVerifier Verifier { get; }

    public IapOptions Options { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    public static async Task<IapWorld> WithKeysAsync(Action<IapOptions>? configure = null)
    {
        var world = new IapWorld(configure);
        await world.ApplyAsync();
        return world;
    }

    /// <summary>Puts the options in force and waits until the loop has fetched once and sleeps.</summary>
    public async Task ApplyAsync()
    {
        Verifier.Apply(Options);
        await AsleepAfterAsync(1);
    }

    /// <summary>Waits until so many fetches have ended and the loop sleeps.</summary>
    public async Task AsleepAfterAsync(int fetches)
    {
        await UntilAsync(() => Logs.Entries.Count(entry => entry.Id.Id is >= 4501 and <= 4503) >= fetches);
        await Time.WaitForTimersAsync(1, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets the loop sleep exactly as long as it wants to, and waits until the fetch behind it has ended.</summary>
    public async Task SleepOverAsync()
    {
        var fetches = Keys.Fetches;
        await UntilAsync(() => Time.ArmedTimers.Count == 1);
        Time.Advance(Time.ArmedTimers[0]);
        await AsleepAfterAsync(fetches + 1);
    }

    public static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!reached())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Valid claims as JSON text, to be spoiled by the test.</summary>
    public string Claims(string? issuer = null, string? audience = null, string? expires = null, string? issuedAt = null, string? subject = null, string more = "")
    {
        string[] members =
        [
            Member("iss", issuer ?? "\"https://cloud.google.com/iap\""),
            Member("aud", audience ?? $"\"{Audience}\""),
            Member("exp", expires ?? $"{Now + 600}"),
            Member("iat", issuedAt ?? $"{Now}"),
            Member("sub", subject ?? "\"accounts.google.com:118\""),
            more,
        ];
        return $"{{{string.Join(',', members.Where(member => member.Length > 0))}}}";

        static string Member(string name, string value) => value.Length == 0 ? "" : $"\"{name}\":{value}";
    }

    public string Header(string algorithm = "ES256", string more = "") => $$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"{{Issuer.KeyId}}"{{more}}}""";

    public async Task<RefusalReason> ReasonAsync(string token)
    {
        var result = await Verifier.VerifyAsync(token);
        Assert.Equal(result.Reason is RefusalReason.None, result.User is not null);
        return result.Reason;
    }

    public async ValueTask DisposeAsync()
    {
        await Sources.DisposeAsync();
        Issuer.Dispose();
        Keys.Dispose();
        await _services.DisposeAsync();
        Logs.Dispose();
    }
}
