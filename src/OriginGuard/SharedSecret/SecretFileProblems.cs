using System.Globalization;

namespace OriginGuard.SharedSecret;

/// <summary>The sentences about secret files: each mistake sends the operator to the place where it is mended.</summary>
internal static class SecretFileProblems
{
    public const string Content =
        "The file must hold one secret and nothing else. Make one from 32 random bytes in base64url, and put the same value into the backend service's custom request header.";

    private const string NameOne = "Name a readable file that holds one secret.";

    public static SecretFileProblem IsDirectory { get; } = new("is a directory", "Name the file in it.", IsThere: true);

    public static SecretFileProblem IsNoFile { get; } = new(
        "is a pipe or a device and no file", "Name a regular file: a secret file is read again while the application runs, and a pipe can be read once.", IsThere: true);

    /// <summary>The reading has not ended in time. From the outside, all that hangs looks alike.</summary>
    public static SecretFileProblem Hangs(TimeSpan patience) => new(
        string.Create(CultureInfo.InvariantCulture, $"has not answered within {patience.TotalSeconds:0.#} s, as a named pipe (FIFO) without a writer or a mount that is gone"),
        "Name a regular file on a disk that answers.",
        IsThere: true);

    public static SecretFileProblem Of(Exception failure, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => new("does not exist", SecretPath.IsRelative(path)
            ? $"The path is relative, and counts from the directory that the process was started in. Write it from the root on. {NameOne}"
            : NameOne, IsThere: false),
        UnauthorizedAccessException => new(
            $"may not be read by this process ({ProcessUser.Describe()})",
            "Give that user the right to read it, by chmod or chown; a mounted secret has a mode and a group of its own (in Kubernetes defaultMode and fsGroup).",
            IsThere: false)
        {
            IsRefused = true,
        },
        _ => new("cannot be read (the system says no)", NameOne, IsThere: false),
    };
}
