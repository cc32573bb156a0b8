namespace OriginGuard.Diagnostics;

internal sealed record SlotDiagnosis(int Slot, long Matches);
