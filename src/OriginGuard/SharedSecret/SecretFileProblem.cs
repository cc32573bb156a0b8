namespace OriginGuard.SharedSecret;

/// <summary>What is wrong with a secret file, without its value, and what to do about it.</summary>
/// <param name="What">The end of a sentence that begins with the file.</param>
/// <param name="Remedy">A sentence of its own.</param>
/// <param name="IsThere">Whether there is something under that path, so that the path is a path.</param>
internal sealed record SecretFileProblem(string What, string Remedy, bool IsThere);
