namespace OriginGuard.Tool.Field;

/// <summary>An answer that only a real load balancer can give.</summary>
/// <param name="Question">Its name in the report.</param>
/// <param name="Asks">The question in words.</param>
/// <param name="Said">The answer in words. Parts of it may come from the other side.</param>
/// <param name="Passage">The request that it was read from.</param>
internal sealed record FieldAnswer(string Question, string Asks, string Said, Passage Passage);
