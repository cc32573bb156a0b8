using System.Text;
using OriginGuard.Surroundings;

namespace OriginGuard.Tool.Terminal;

/// <summary>
/// Puts a result into a file, whole or not at all: it is written beside it and renamed into its place, so that whoever reads the file meanwhile, a firewall that
/// loads it, reads the old rules or the new ones. A shell's <c>&gt;</c> has emptied the file before the command begins.
/// </summary>
internal static class OutputFile
{
    /// <summary>Why the file cannot be written, as far as it shows before the work is done; null where it most likely can.</summary>
    public static string? Problem(string path, string option) =>
        Directory.Exists(path) ? $"{option} cannot be written: it is a directory; name a file in it."
        : path.Length == 0 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? $"{option} cannot be written: its folder does not exist."
        : null;

    /// <param name="path">The file.</param>
    /// <param name="text">What will stand in it.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="ToolFailure">The file cannot be written; what was there is there.</exception>
    public static void Write(string path, string text, string option)
    {
        string? temporary = null;
        try
        {
            var target = KeptFile.TargetOf(path);
            if (KeptFile.IsDevice(target))
            {
                WriteTo(target, text);
                return;
            }

            temporary = $"{target}.{Guid.NewGuid():N}.tmp";
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Discard(temporary);
            throw new ToolFailure($"{option} cannot be written: {(Directory.Exists(path) ? "it is a directory; name a file in it." : failure.Message)}");
        }
    }

    /// <summary>A device stays what it is.</summary>
    private static void WriteTo(string device, string text)
    {
        using var file = new FileStream(device, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush();
    }

    private static void Discard(string? temporary)
    {
        try
        {
            File.Delete(temporary ?? "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It could not be written either.
        }
    }
}
