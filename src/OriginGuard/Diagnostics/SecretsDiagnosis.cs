namespace OriginGuard.Diagnostics;

/// <summary>How many secrets there are and which of them are in use since they changed last; nothing of what they are.</summary>
internal sealed record SecretsDiagnosis(string HeaderName, DateTimeOffset Since, IReadOnlyList<SlotDiagnosis> Slots);
