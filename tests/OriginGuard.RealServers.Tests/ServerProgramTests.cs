using Xunit;

namespace OriginGuard.RealServers.Tests;

public class ServerProgramTests
{
    [Fact]
    public void Ends_the_test_where_a_program_is_missing_and_says_what_to_install()
    {
        string? ending = null;

        // By hand: Record.Exception lets a skip through, and this test would be skipped with the program that it asks for.
        try
        {
            new ServerProgram("no-such-server", "no-such-package").Require();
        }
        catch (Exception thrown)
        {
            ending = thrown.Message;
        }

        Assert.Contains("apt-get install no-such-package", ending, StringComparison.Ordinal);
    }
}
