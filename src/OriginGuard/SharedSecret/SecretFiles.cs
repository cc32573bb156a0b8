using System.Collections.Concurrent;

namespace OriginGuard.SharedSecret;

/// <summary>Reads secret files, and remembers the last good value of each: a file that is being replaced must not lock anyone out.</summary>
internal sealed class SecretFiles(TimeProvider time)
{
    // Files that are no longer configured stay here without their value: one that hangs would hold another thread each time it is named again.
    private readonly ConcurrentDictionary<string, SecretFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<object, string[]> _kept = [];

    /// <summary>
    /// Begins to read them all, so that the wait for those that hang is one wait. What is read is fetched by <see cref="Reading.End"/>.
    /// </summary>
    public Reading[] Begin(IEnumerable<string> paths) => [.. paths.Select(path =>
    {
        var file = _files.GetOrAdd(path, static (path, time) => new SecretFile(path, time), time);
        return new Reading(file, file.Begin());
    })];

    /// <summary>Says which files somebody needs; those of others stay.</summary>
    public void Keep(object owner, string[] paths)
    {
        lock (_kept)
        {
            _kept[owner] = paths;
        }
    }

    /// <summary>Forgets what files held that nobody needs.</summary>
    public void ForgetTheRest()
    {
        lock (_kept)
        {
            foreach (var gone in _files.Keys.Except(_kept.Values.SelectMany(static kept => kept), StringComparer.Ordinal))
            {
                _files[gone].Forget();
            }
        }
    }

    /// <summary>A file that is being read.</summary>
    internal readonly struct Reading(SecretFile file, Task<SecretFileContent> content)
    {
        /// <summary>Waits, not for long, and says what is wrong; the value is the last good one, or null.</summary>
        public string? End(out SecretFileProblem? problem) => file.End(content, out problem);
    }
}
