using System.Text;

namespace OriginGuard.Surroundings;

/// <summary>A file in which the guard keeps something for its next start: read bounded, and written whole or not at all.</summary>
internal static class KeptFile
{
    private const string Extension = ".tmp";

    /// <summary>Longer than any write takes: what is older was left by a process that did not live to rename it.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromHours(1);

    /// <summary>Not by the length that the file claims: that of a device is zero, and its content endless.</summary>
    /// <exception cref="FormatException">It holds more.</exception>
    public static string Read(string path, int mostBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(file, mostBytes);
    }

    /// <summary>The same, of what is open already.</summary>
    public static string Read(Stream file, int mostBytes)
    {
        var buffer = new byte[mostBytes + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length <= mostBytes
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw new FormatException($"it has more than {mostBytes} bytes");
    }

    /// <summary>Puts a text into the place of what was there. Readable and writable by this user alone.</summary>
    /// <exception cref="IOException">It cannot be written, or is a device.</exception>
    public static void Replace(string link, string text)
    {
        var path = TargetOf(link);
        if (IsDevice(path))
        {
            throw new IOException("it is a device; name a file");
        }

        // A name of its own for each process and turn: two that share the path each rename a whole file into place.
        var temporary = $"{path}.{Guid.NewGuid():N}{Extension}";
        try
        {
            Write(temporary, text);
            File.Move(temporary, path, overwrite: true);
            Try(() => DiscardOrphans(path));
        }
        catch
        {
            Try(() => File.Delete(temporary));
            throw;
        }
    }

    /// <summary>The file that a path names in the end: a rename would put a file where a link was.</summary>
    public static string TargetOf(string path) =>
        IsDevice(path) || new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>
    /// Whether a rename would put a file into the place of what is none: who may write to a folder of devices replaces /dev/null for every program of the machine.
    /// </summary>
    public static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && Path.GetFullPath(path) is var full && full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>The path for a line of the log, where it must lead somewhere: a relative one depends on whoever started the process.</summary>
    public static string Shown(string path)
    {
        try
        {
            return Path.IsPathRooted(path) ? path : $"{Path.GetFullPath(path)} (relative to the directory that the process was started in)";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No path at all, or there is no such directory any more.
            return path;
        }
    }

    /// <summary>Why it could not be read or written.</summary>
    public static string Reason(Exception failure, string path) => Directory.Exists(path) ? "it is a directory; name a file in it" : failure.Message;

    private static void Write(string temporary, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(temporary, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    // By the clock of the file system, which has just dated the new file.
    private static void DiscardOrphans(string path)
    {
        var now = File.GetLastWriteTimeUtc(path);
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Extension}").Where(file => IsTemporary(Path.GetFileName(file), name)))
        {
            if (now - File.GetLastWriteTimeUtc(file) > Orphaned)
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsTemporary(string file, string name) =>
        file.StartsWith($"{name}.", StringComparison.Ordinal) && Guid.TryParseExact(Path.GetFileNameWithoutExtension(file[(name.Length + 1)..]), "N", out _);

    /// <summary>Clears away what nothing reads. Where that fails, the file itself is written, or the warning that it is not is on its way.</summary>
    private static void Try(Action clear)
    {
        try
        {
            clear();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // It stays where it is.
        }
    }
}
