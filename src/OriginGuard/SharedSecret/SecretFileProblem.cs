namespace OriginGuard.SharedSecret;

/// <summary>What is wrong with a secret file, without its value, and what to do about it.</summary>
/// <param name="What">The end of a sentence that begins with the file.</param>
/// <param name="Remedy">A sentence of its own.</param>
/// <param name="IsThere">Whether there is something under that path, so that the path is a path.</param>
internal sealed record SecretFileProblem(string What, string Remedy, bool IsThere)
{
    /// <summary>Whether the system knows the path and refuses it.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The mistake in a configuration that names the file.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="path">What it says.</param>
    /// <param name="instead">The sentence for a path that is none: what belongs into the setting, and where the value itself belongs.</param>
    public string Describe(string key, string path, string instead) => (IsThere ? Path.GetFullPath(path) : SecretPath.Show(path)) is { } shown
        ? $"{key} (\"{shown}\") {What}. {Remedy}"
        : path.Length == 0 ? $"{key} is empty. {instead}"
        : IsRefused ? $"{key} (a path that is not shown, because it may be a secret) {What}. {Remedy}"
        : $"{key} is no path of a file that can be read; it is not shown, because it may be a secret. {instead}";
}
