using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Tests.Dns;

/// <summary>A DNS-over-HTTPS endpoint on loopback that answers as the test says.</summary>
internal sealed class HttpsDnsServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpsDnsServer(WebApplication application) => _application = application;

    public Uri Endpoint { get; private init; } = new("http://127.0.0.1/");

    public List<(string Protocol, string Method, string? ContentType, string? Accept, byte[] Query)> Requests { get; } = [];

    public Func<HttpContext, byte[], Task> Respond { get; set; } = AnswerAsync;

    /// <summary>Without a certificate it speaks plain HTTP of the given version.</summary>
    public static async Task<HttpsDnsServer> StartAsync(HttpProtocols protocols = HttpProtocols.Http2, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var application = builder.Build();
        HttpsDnsServer? server = null;
        application.Run(context => server!.ServeAsync(context));
        await application.StartAsync();
        var address = new UriBuilder(application.Urls.Single()) { Path = "/dns-query" };
        return server = new HttpsDnsServer(application) { Endpoint = address.Uri };
    }

    public static Task AnswerAsync(HttpContext context, byte[] query) => SendAsync(context, Answer(query).ToArray());

    /// <summary>The beginning of a good answer and its record: the question is copied from the query.</summary>
    public static AnswerMessage Answer(byte[] query) =>
        new AnswerMessage().Octets(query[12..^11]).Pointer(12).Txt(300, ResolverScene.Text);

    public static async Task SendAsync(HttpContext context, byte[] message)
    {
        context.Response.ContentType = "application/dns-message";
        context.Response.ContentLength = message.Length;
        await context.Response.Body.WriteAsync(message);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = context.Request;
        lock (Requests)
        {
            Requests.Add((request.Protocol, request.Method, request.ContentType, request.Headers.Accept, body.ToArray()));
        }

        await Respond(context, body.ToArray());
    }
}
