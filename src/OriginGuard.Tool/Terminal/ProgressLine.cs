using OriginGuard.ForeignText;

namespace OriginGuard.Tool.Terminal;

/// <summary>One line on a terminal that says what is waited for, and is gone when there is something to read.</summary>
/// <param name="screen">The terminal; null: nobody watches.</param>
internal sealed class ProgressLine(TextWriter? screen) : IDisposable
{
    public static readonly ProgressLine None = new(null);

    // A line that wraps cannot be taken back.
    private const int Width = 76;
    private const string Erase = "\r\e[K";

    private readonly Lock _gate = new();
    private bool _isShown;

    /// <summary>Says it until the result is disposed, which also happens when the work fails.</summary>
    public IDisposable During(string text)
    {
        Say(text);
        return this;
    }

    public void Say(string text)
    {
        lock (_gate)
        {
            screen?.Write(Erase + PrintableText.From(text, Width));
            screen?.Flush();
            _isShown = screen is not null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isShown)
            {
                screen!.Write(Erase);
                screen.Flush();
                _isShown = false;
            }
        }
    }
}
