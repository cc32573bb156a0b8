using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.Logging.Abstractions;
using OriginGuard.Iap;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The source of keys, and the endpoint that it asks.</summary>
internal sealed class KeyScene
{
    public const string OldKey = "old";
    public const string NewKey = "new";

    public KeyScene()
    {
        Endpoint = new KeyEndpoint(Time);
        Source = new IapKeySource(
            new Uri("https://keys.origin.test/"), new HttpDocumentClient(Endpoint, "keys", 4096, Time), Time, NullLogger.Instance, static (_, _) => { });
    }

    public ManualTimeProvider Time { get; } = new();

    public KeyEndpoint Endpoint { get; }

    public IapKeySource Source { get; }

    public async Task<IapKey?> AskAsync(string id) => Source.Find(id) ?? await Source.FindAfterRefreshAsync(id);

    /// <summary>Moves the clock until something has come, and not as far as the next fetch that is planned anyway.</summary>
    public async Task MoveUntilAsync(Task awaited)
    {
        for (var seconds = 0; !awaited.IsCompleted; seconds++)
        {
            Specification.Assert(seconds < 3000, "Nothing has come in 50 minutes.");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await awaited;
    }
}
