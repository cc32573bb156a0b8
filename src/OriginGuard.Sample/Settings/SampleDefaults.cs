namespace OriginGuard.Sample.Settings;

/// <summary>What holds where nobody says otherwise.</summary>
internal static class SampleDefaults
{
    public const string Url = "http://127.0.0.1:8080";

    /// <summary>A quiet console: warnings, a line each, and no stack trace for a start that fails, which the program tells in plain lines.</summary>
    public static IReadOnlyDictionary<string, string?> Logging { get; } = new Dictionary<string, string?>
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
    };

    /// <summary>The origin alone listens where it is told, in whichever of the framework's ways.</summary>
    public static IReadOnlyDictionary<string, string?> Alone(IConfiguration configuration)
    {
        string[] ways = ["urls", "http_ports", "https_ports"];
        var isTold = Array.Exists(ways, way => !string.IsNullOrEmpty(configuration[way])) || configuration.GetSection("Kestrel:Endpoints").Exists();
        return isTold ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["urls"] = Url };
    }
}
