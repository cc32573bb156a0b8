using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace OriginGuard.Sample.Settings;

/// <summary>What is wrong with a start, for the person at the console: a line for each mistake and no stack trace.</summary>
internal static class StartMistakes
{
    private const string Run = " dotnet run --project src/OriginGuard.Sample -- ";

    /// <summary>The lines, or none where the failure is a surprise whose stack trace is worth more than a sentence.</summary>
    public static IReadOnlyList<string> Describe(Exception exception) => exception switch
    {
        OptionsValidationException mistakes => [.. mistakes.Failures.Select(OneLine)],
        InvalidDataException { InnerException: { } broken } unreadable => [OneLine($"{unreadable.Message} {broken.Message}")],
        FormatException => [OneLine($"{Sentence(exception)} Say where the origin listens, for example:{Run}--urls {SampleDefaults.Url}")],
        IOException or SocketException or InvalidOperationException => [OneLine(exception.Message)],
        _ => [],
    };

    /// <summary>The advice that belongs to an address of the origin which cannot be had.</summary>
    public static Exception OriginPort(Exception exception) => exception is IOException or SocketException
        ? new IOException($"{Sentence(exception)} Choose another port for the guarded origin, for example:{Run}--urls http://127.0.0.1:9080", exception)
        : exception;

    public static IOException LoadBalancerPort(Exception exception) => new(
        $"{Sentence(exception)} Choose another port for the simulated load balancer, for example:{Run}--Sample:SimulatorPort 9081", exception);

    public static IOException DnsPort(int port, Exception exception) => new(
        $"The DNS server cannot listen on port {port}. {Sentence(exception)} Choose another, or any free one with 0:{Run}--Sample:DnsPort 0", exception);

    private static string Sentence(Exception exception) => $"{exception.Message.TrimEnd('.')}.";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
