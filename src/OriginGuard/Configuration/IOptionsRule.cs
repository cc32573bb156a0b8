namespace OriginGuard.Configuration;

/// <summary>What the options must be for one purpose.</summary>
internal interface IOptionsRule
{
    /// <summary>Adds a sentence for each mistake: setting, value, rule, remedy.</summary>
    void Validate(OriginGuardOptions options, ICollection<string> mistakes);
}
