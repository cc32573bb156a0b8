using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OriginGuard.Configuration;
using OriginGuard.Tool.Arm;
using OriginGuard.Tool.Assertion;
using OriginGuard.Tool.Completions;
using OriginGuard.Tool.Explain;
using OriginGuard.Tool.Probe;
using OriginGuard.Tool.Ranges;
using OriginGuard.Tool.Secret;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool;

/// <summary>The whole tool: reads the command line, runs the command, and turns whatever happens into an exit code and at most a line.</summary>
internal static class CommandLine
{
    private const string Description = """
        For origins behind Google Cloud's external Application Load Balancer.

        Exit codes: 0 as it should be; 1 a finding; 2 wrong usage, or the work could not be done; 130 ended by Ctrl+C.
        Errors are one line on standard error.
        """;

    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args, ToolContext context, CancellationToken cancellationToken)
    {
        // Without response files: an argument that begins with @ is an argument.
        var parsed = Create(context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Action is ParseErrorAction)
            {
                throw new ToolFailure($"{Mistake(parsed)} {Suggestion(parsed)}See originguard --help.");
            }

            var configuration = new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeToEnd,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (ToolFailure failure)
        {
            await context.ReportAsync(failure.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (ToolContext.IsOfAStream(failure))
        {
            await context.ReportAsync($"what comes in cannot be read, or what goes out cannot be written: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (Exception unexpected)
        {
            await context.ReportAsync($"this was not foreseen, please report it: {unexpected.Message}");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Create(ToolContext context)
    {
        var root = new RootCommand(Description)
        {
            RangesCommand.Create(context),
            SecretCommand.Create(context),
            AssertionCommand.Create(context),
            ProbeCommand.Create(context),
            ExplainCommand.Create(context),
            ArmCommand.Create(context),
            CompletionsCommand.Create(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new NotedHelp((HelpAction)help.Action!);
        return root;
    }

    /// <summary>What a word that nobody knows was most likely meant to be.</summary>
    private static string Suggestion(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var meant = parsed.UnmatchedTokens
            .Select(token => Likeness.Find(token, [.. command.Subcommands.Select(static known => known.Name), .. command.Options.Select(static known => known.Name)]))
            .FirstOrDefault(static known => known is not null);
        return meant is null ? "" : $"Did you mean {meant}? ";
    }

    /// <summary>The first mistake, without what may be a secret in a wrong place: the value of an option that there is not, and an argument too many.</summary>
    private static string Mistake(ParseResult parsed)
    {
        var message = InPlainWords(parsed.Errors[0].Message);
        return parsed.UnmatchedTokens.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal)) is not { } token ? message
            : token.StartsWith('-') ? message.Replace(token, token.Split('=')[0], StringComparison.Ordinal)
            : parsed.CommandResult.Command is RootCommand || Suggestion(parsed).Length > 0 ? message
            : $"That is one argument too many for {parsed.CommandResult.Command.Name}.";
    }

    // The parser sets a list below its sentence, and speaks of the types of its own language.
    private static string InPlainWords(string message) =>
        message.Replace("\t", "", StringComparison.Ordinal).Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal);
}
