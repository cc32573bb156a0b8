namespace OriginGuard.TestKit;

/// <summary>A folder for one test, gone with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("originguard-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
