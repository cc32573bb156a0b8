namespace OriginGuard.Configuration;

/// <summary>What is null although it must not be, as only code can make it: most often since whatever the value was to come from is not set.</summary>
internal static class MissingValues
{
    private const string Root = OriginGuardOptions.SectionName;

    public static IEnumerable<string> Find(OriginGuardOptions options) =>
    [
        .. In("SourceAddress:RecordNames", options.SourceAddress.RecordNames ?? []),
        .. In("Dns:Servers", options.Dns.Servers),
        .. In("SharedSecret:Secrets", options.SharedSecret.Secrets),
        .. In("SharedSecret:SecretFiles", options.SharedSecret.SecretFiles),
        .. In("Iap:Audiences", options.Iap.Audiences),
        .. In("Exemptions", options.Exemptions),
    ];

    private static IEnumerable<string> In(string name, object?[]? list) => list is null
        ? [$"{Root}:{name} is null; give a list, which may be empty."]
        : list.Index().Where(static element => element.Item is null)
            .Select(element => $"{Root}:{name}:{element.Index} is null; a value is needed. Whatever it was to come from, a variable for example, is most likely not set.");
}
