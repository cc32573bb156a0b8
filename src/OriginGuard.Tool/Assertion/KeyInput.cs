using System.Text.Json;
using OriginGuard.Iap;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Assertion;

/// <summary>Reads a JWK set from a file or an address, as the guard reads it: bounded, and without redirects.</summary>
internal static class KeyInput
{
    private const int MaxLength = 64 * 1024;

    public static async Task<IReadOnlyList<IapKey>> ReadAsync(string source, TimeProvider time, CancellationToken cancellationToken)
    {
        var json = TryReadAddress(source, out var address)
            ? await FetchAsync(address, time, cancellationToken)
            : await ReadFileAsync(source, cancellationToken);
        try
        {
            var (keys, _) = JwkSetReader.Read(json, known: null);
            return keys.Count > 0 ? keys : throw new ToolFailure("--keys holds no P-256 key for signatures.");
        }
        catch (JsonException)
        {
            throw new ToolFailure("--keys is no JWK set. Google's is at https://www.gstatic.com/iap/verify/public_key-jwk");
        }
    }

    /// <summary>Whether it is an address that may be asked: https, or http towards loopback.</summary>
    public static bool IsAcceptable(string source) =>
        !TryReadAddress(source, out var address) || (address.UserInfo.Length == 0 && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback));

    private static bool TryReadAddress(string source, out Uri address) =>
        Uri.TryCreate(source, UriKind.Absolute, out address!) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    private static async Task<ReadOnlyMemory<byte>> FetchAsync(Uri address, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = await IapKeySources.NewClient(new ToolHttpClients(), time).GetAsync(address, cancellationToken);
        return answer.Error is { } error ? throw new ToolFailure($"--keys cannot be fetched: {error}") : answer.Body;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            var buffer = new byte[MaxLength + 1];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length > MaxLength ? throw new ToolFailure($"--keys has more than {MaxLength} bytes.") : buffer.AsMemory(0, length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolFailure($"--keys cannot be read: {failure.Message}");
        }
    }
}
