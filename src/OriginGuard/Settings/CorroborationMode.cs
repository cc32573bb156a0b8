namespace OriginGuard;

/// <summary>Whether the answer of Google's own record is compared with the lists that Google publishes over HTTPS.</summary>
public enum CorroborationMode
{
    /// <summary>An answer is taken only if every network of it is Google's and none is a customer's.</summary>
    On,

    /// <summary>The lists are not fetched, and DNS is believed alone.</summary>
    Off,
}
