namespace OriginGuard.Testing.FrontEnd;

/// <summary>Where the body of a request ends: after so many bytes, after its last chunk, or never because the connection was upgraded.</summary>
internal readonly record struct RequestBodyFrame(long Length, bool IsChunked)
{
    public static RequestBodyFrame Chunked { get; } = new(0, true);

    public static RequestBodyFrame Endless { get; } = new(long.MaxValue, false);

    public static RequestBodyFrame Counted(long length) => new(length, false);
}
