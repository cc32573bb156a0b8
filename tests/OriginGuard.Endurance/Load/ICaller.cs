namespace OriginGuard.Endurance.Load;

/// <summary>Somebody who asks again and again.</summary>
internal interface ICaller : IDisposable
{
    Task ConnectAsync();

    /// <summary>Sends as many requests as it sends at once, and judges the answers.</summary>
    Task TurnAsync();
}
