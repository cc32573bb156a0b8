using System.Text;

namespace OriginGuard.SharedSecret;

/// <summary>What a secret file held when it was read, or why it could not be. Nothing here prints it.</summary>
internal sealed class SecretFileContent
{
    // A secret, a line break and a byte more, by which a longer file is known without reading it whole.
    private const int MostBytes = SecretText.MaxLength + 3;

    private SecretFileContent(string value, SecretFileProblem? problem) => (Value, Problem) = (value, problem);

    public string Value { get; }

    public SecretFileProblem? Problem { get; }

    /// <summary>Reads the file, however long that takes: whoever calls bounds it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isReadOnce">Whether it will do if it can be read but once, as a pipe can.</param>
    public static SecretFileContent Of(string path, bool isReadOnce = false)
    {
        try
        {
            // First of all, because opening one says that a right is missing, and permissions are looked for in vain.
            if (Directory.Exists(path))
            {
                return Failed(SecretFileProblems.IsDirectory);
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return file.CanSeek || isReadOnce ? Judge(Read(file)) : Failed(SecretFileProblems.IsNoFile);
        }
        catch (Exception failure)
        {
            return Unread(failure, path);
        }
    }

    /// <summary>It could not be read.</summary>
    public static SecretFileContent Unread(Exception failure, string path) => Failed(SecretFileProblems.Of(failure, path));

    private static string Read(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        var length = file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
        return WithoutFinalLineBreak(Encoding.Latin1.GetString(bytes[..length]));
    }

    private static SecretFileContent Judge(string value) =>
        SecretText.Problem(value) is { } problem ? Failed(new SecretFileProblem(problem, SecretFileProblems.Content, IsThere: true)) : new SecretFileContent(value, null);

    private static SecretFileContent Failed(SecretFileProblem problem) => new("", problem);

    private static string WithoutFinalLineBreak(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
