var builder = WebApplication.CreateBuilder(args);

// The load balancer passes 60 KiB of headers, and keeps idle connections for 600 seconds.
builder.WebHost.ConfigureKestrel(static kestrel =>
{
    kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
    kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(620);
});

builder.Services.AddOriginGuard(builder.Configuration);
builder.Services.AddHealthChecks().AddOriginGuard();

var app = builder.Build();

// First: what runs before it is not guarded.
app.UseOriginGuard();

app.MapHealthChecks("/health").AllowDirectAccess();

// What the guard sees, for operators. Every visitor comes through the load balancer, so it needs authorization of yours, and builder.Services.AddAuthorization():
// app.MapOriginGuardDiagnostics().RequireAuthorization();

app.MapGet("/", () => "Hello from behind the load balancer.");

app.Run();
