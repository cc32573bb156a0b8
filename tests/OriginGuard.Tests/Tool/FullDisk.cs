namespace OriginGuard.Tests.Tool;

/// <summary>Takes nothing, as a redirection to a disk without room.</summary>
internal sealed class FullDisk : StringWriter
{
    public override void Write(char value) => throw new IOException("No space left on device");

    public override void Write(string? value) => throw new IOException("No space left on device");

    public override Task WriteAsync(string? value) => Task.FromException(new IOException("No space left on device"));
}
