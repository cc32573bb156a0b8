using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using OriginGuard.References;
using OriginGuard.SharedSecret;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Explain;

/// <summary><c>originguard explain</c>: why a request was not admitted, by the reference in its answer or in the log.</summary>
internal sealed class ExplainCommand
{
    private const string KeyVariable = "OriginGuard__Rejection__ReferenceKey";
    private const string FileVariable = "OriginGuard__Rejection__ReferenceKeyFile";
    private const string Instead = $"Name a file that holds the key, or put the key itself into the variable {KeyVariable}.";
    private const int MostInput = 64 * 1024;

    private const string Description = "Open the reference of a request that was not admitted: each layer, the likely cause, what to do.";

    private const string Notes = $"""
        The key is the origin's Rejection:ReferenceKey. Without --key-file it is taken from the variables that the origin reads,
        {KeyVariable} or {FileVariable}. It is never printed, and is no argument, so that it stays out of the shell's history.

        Example:
          originguard explain --key-file /run/secrets/reference-key AQH4...
        """;

    private readonly Argument<string> _reference = new("reference")
    {
        Description = "The reference, with or without the answer or the line of the log around it, or - for standard input",
    };

    private readonly Option<string?> _keyFile = new("--key-file") { Description = "File that holds the key", HelpName = "file" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private ExplainCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new ExplainCommand(context);
        var command = new NotedCommand("explain", Description, Notes) { self._reference, self._keyFile, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var key = ReferenceKey.From(KeyText(parsed.GetValue(_keyFile)));
        var text = parsed.GetValue(_reference)! is "-" ? await ReadInputAsync(cancellationToken) : parsed.GetValue(_reference)!;
        if (key.Open(ReferenceText.Find(text) ?? text.Trim(), out var problem) is not { } record)
        {
            throw new ToolFailure($"The reference does not open. {problem}");
        }

        var explanation = Explanation.Of(record);
        await _context.PrintAsync(parsed.GetValue(_json) ? Json(explanation) : Text(explanation, _context.Colors));
        return ExitCode.Ok;
    }

    private string KeyText(string? file)
    {
        var source = file is null ? FileVariable : "--key-file";
        file ??= _context.Variable(KeyVariable) is { Length: > 0 } ? null : _context.Variable(FileVariable);
        var text = string.IsNullOrEmpty(file) ? _context.Variable(KeyVariable) : ReadKey(source, file);
        return text is { Length: > 0 } ? text : throw new ToolFailure($"A key is needed: --key-file, or the variable {KeyVariable} or {FileVariable} as at the origin.");
    }

    private static string ReadKey(string source, string file)
    {
        // Also a pipe, as a shell makes one of <(command): then the key need not lie on a disk.
        var content = SecretFileContent.Of(file, isReadOnce: true);
        return content.Problem is { } problem ? throw new ToolFailure($"The key cannot be read: {problem.Describe(source, file, Instead)}") : content.Value;
    }

    private async Task<string> ReadInputAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MostInput + 1];
        await using var input = _context.OpenInput();
        var length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= MostInput
            ? Encoding.UTF8.GetString(buffer.AsSpan(0, length))
            : throw new ToolFailure($"Standard input has more than {MostInput / 1024} KiB. Give the answer or the line of the log that holds the reference, such as by grep.");
    }

    private static string Text(Explanation said, Palette colors) => $"""
        {colors.Bad($"{said.Verdict}: {said.Reason}")}
          {said.When}, by {said.Instance}
          {said.Request}, from peer {said.Peer}

        {string.Join("\n", said.Layers.Select(layer => $"  {layer.Layer,-14} {layer.Said}{(layer.IsDecisive ? $"  {colors.Bad("<- decided")}" : "")}"))}

        Most likely: {said.Cause}
        First thing to do: {said.FirstStep}
        More: {said.Page}

        """;

    private static string Json(Explanation said) => JsonOutput.Render(new JsonObject
    {
        ["verdict"] = said.Verdict,
        ["reason"] = said.Reason,
        ["time"] = said.Time,
        ["instance"] = said.Instance,
        ["peer"] = said.Peer,
        ["request"] = said.Request,
        ["layers"] = new JsonArray([.. said.Layers.Select(static layer => new JsonObject { ["layer"] = layer.Layer, ["said"] = layer.Said, ["decided"] = layer.IsDecisive })]),
        ["cause"] = said.Cause,
        ["firstStep"] = said.FirstStep,
        ["page"] = said.Page,
    });
}
