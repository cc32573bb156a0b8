using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OriginGuard.Diagnostics;
using OriginGuard.ForeignText;
using OriginGuard.SharedSecret;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Secret;

/// <summary><c>originguard secret rotate</c>: how far a change of the secret is, by what the origin has seen. It changes nothing.</summary>
internal sealed class RotateCommand
{
    private const string Description = "Say how far a rotation is, and whether the old secret may go: by what the origin itself has seen.";

    private const string Notes = """
        Ends with 0 when the old secret may go; with 1 when it must stay, or the process knows one secret only, since it may
        not have read the new one yet; with 2 when the origin does not answer.
        The answer is that of one process of the origin: where there are several, ask until each has said the same.

        Example:
          originguard secret rotate --through https://app.example.com/_originguard --watch
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly FrontDoorOptions _front = new();

    private readonly Option<bool> _watch = new("--watch") { Description = "Ask every 30 seconds until the old secret may go" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private RotateCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new RotateCommand(context);
        var command = new NotedCommand("rotate", Description, Notes) { self._front.Through, self._front.TokenFile, self._watch, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Usage.ThrowAny(parsed, _front.Mistakes(parsed));
        var door = await _front.OpenAsync(parsed, Timeout, _context, cancellationToken);
        var watches = parsed.GetValue(_watch);
        var known = await AskAsync(door, cancellationToken);
        await ShowAsync(known);
        while (watches && !MayGo(known))
        {
            using (_context.Progress.During($"asked again in {Pause.TotalSeconds:0} s"))
            {
                await Task.Delay(Pause, _context.Time, cancellationToken);
            }

            var before = known.Rotation;
            known = await AskAgainAsync(OpenAsync, cancellationToken) ?? known;
            if (known.Rotation != before)
            {
                await ShowAsync(known);
            }
        }

        return MayGo(known) ? ExitCode.Ok : ExitCode.Finding;

        // IAP's tokens are good for an hour, and a rotation may take longer.
        Task<FrontDoor> OpenAsync() => _front.IsRenewable(parsed) ? _front.OpenAsync(parsed, Timeout, _context, cancellationToken) : Task.FromResult(door);

        Task ShowAsync(SecretsDiagnosis secrets) =>
            _context.PrintAsync(!parsed.GetValue(_json) ? Text(secrets, _context.Colors) : watches ? $"{Json(secrets).ToJsonString()}\n" : JsonOutput.Render(Json(secrets)));
    }

    private static bool MayGo(SecretsDiagnosis secrets) => secrets.RotationStep is Rotation.Remove;

    /// <summary>While it watches, a request that fails is a line and no end.</summary>
    private async Task<SecretsDiagnosis?> AskAgainAsync(Func<Task<FrontDoor>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(await open(), cancellationToken);
        }
        catch (ToolFailure failure)
        {
            await _context.NoteAsync(PrintableText.From(failure.Message));
            return null;
        }
    }

    /// <exception cref="ToolFailure">The origin does not say.</exception>
    private async Task<SecretsDiagnosis> AskAsync(FrontDoor door, CancellationToken cancellationToken)
    {
        using var asking = _context.Progress.During("asking the origin");
        var passage = await door.SendAsync([], cancellationToken);
        return (passage.View ?? throw new ToolFailure($"The diagnostics at --through do not answer: {passage.Explanation}.")).SharedSecret
            ?? throw new ToolFailure("The origin checks no shared secret.");
    }

    private static string Text(SecretsDiagnosis secrets, Palette colors)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"since {secrets.Since.UtcDateTime:u}\n");
        foreach (var slot in secrets.Slots)
        {
            text.Append(CultureInfo.InvariantCulture, $"  slot {slot.Slot}  {(slot.LastSeen is { } seen ? $"last seen {seen.UtcDateTime:u}" : "not seen yet"),-32}  {slot.Matches} requests\n");
        }

        var step = secrets.Rotation is { } says ? PrintableText.From(says, 400)
            : secrets.Slots.Count > 1 ? "All slots hold one secret: no rotation is under way in this process. After a change of a file, wait for 4201."
            : "There is one secret. To change it, make a new one with originguard secret, and put it first. If you have done so, this process has not read it yet: wait for 4201.";
        return text.Append(CultureInfo.InvariantCulture, $"{colors.Of(MayGo(secrets) ? true : null, step)}\n").ToString();
    }

    private static JsonObject Json(SecretsDiagnosis secrets) => new()
    {
        ["since"] = secrets.Since,
        ["step"] = secrets.RotationStep,
        ["says"] = secrets.Rotation,
        ["slots"] = new JsonArray([.. secrets.Slots.Select(static slot => new JsonObject { ["slot"] = slot.Slot, ["matches"] = slot.Matches, ["lastSeen"] = slot.LastSeen })]),
    };
}
