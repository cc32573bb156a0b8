using OriginGuard.Surroundings;

namespace OriginGuard.Tool.Terminal;

/// <summary>HTTP clients for a command, which asks once and ends.</summary>
internal sealed class ToolHttpClients : IHttpClientFactory
{
    public HttpClient CreateClient(string name) => new(HttpDocumentServices.CreateHandler());
}
