namespace OriginGuard.Configuration;

/// <summary>The framework's shape of a parser that does not throw.</summary>
internal delegate bool TextParser<T>(string text, out T? value);
