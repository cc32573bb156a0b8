using OriginGuard.Tests.PublishedLists;
using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary>One run of the whole command line, and what it left behind.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>Runs the tool with nothing of this machine around it but what a test hands in.</summary>
    public static async Task<ToolRun> StartAsync(string[] args, Func<StringWriter, StringWriter, ToolContext>? context = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var lists = new ScriptedLists { Google = ["34.64.0.0/10", "8.8.8.0/24", "2600:1900::/28"], Cloud = ["34.97.0.0/16"] };
        var around = context?.Invoke(output, error) ?? new ToolContext { Output = output, Error = error, Clients = lists };
        var code = await CommandLine.RunAsync(args, around, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    public static Task<ToolRun> StartAsync(params string[] args) => StartAsync(args, null);

    /// <summary>It could not do its work, said so in one line, and printed nothing that could be taken for a result.</summary>
    public void HasFailed()
    {
        Assert.Equal(2, Code);
        Assert.Equal("", Output);
        Assert.Matches(@"\Aoriginguard: [ -~]+\n\z", Error);
    }
}
