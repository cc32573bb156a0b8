using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Iap;

namespace OriginGuard.Guard;

/// <summary>Where the guard stands: whether it does at all, what has been put in front of it, and what it must put behind itself.</summary>
internal sealed class GuardedPipeline
{
    // By these properties the framework knows what an application has put into its pipeline. Authentication and authorization that it has not, a
    // WebApplication adds by itself, right behind routing and so in front of all that the application has written.
    private const string Authentication = "__AuthenticationMiddlewareSet";
    private const string Authorization = "__AuthorizationMiddlewareSet";
    private const string Routing = "__EndpointRouteBuilder";
    private const string Root = "OriginGuard.Root";

    private readonly List<string> _inFront = [];
    private IApplicationBuilder? _root;
    private bool _isInBranch;
    private bool _hadRouting;
    private bool _addsAuthentication;
    private bool _addsAuthorization;

    /// <summary>Answers a preflight by the policy of its endpoint or the default one, and by 405 where there is none.</summary>
    public RequestDelegate CorsAlone { get; private set; } = MethodNotAllowed;

    /// <summary>Every request meets the guard, but for what something in front of it answers.</summary>
    public bool HasGuard => _root is not null;

    /// <summary>The services of the application that the guard stands in; null while it stands nowhere.</summary>
    public IServiceProvider? Services => _root?.ApplicationServices;

    /// <summary>Routing was called behind the guard, which so sees no endpoint and exempts none.</summary>
    public bool IsRoutingBehind => !_hadRouting && _root?.Properties.ContainsKey(Routing) is true;

    /// <summary>Authorization that the framework would have put in front of all middleware runs behind the guard.</summary>
    public bool HasMovedAuthorization => _addsAuthorization;

    /// <summary>
    /// The sources of endpoints of the routing that the whole pipeline comes by; none where there is no such routing. Endpoints of a branch that has routing of its own are not among
    /// them, and the guard does not see those.
    /// </summary>
    public IEnumerable<EndpointDataSource> SourcesInSight => _root switch
    {
        IEndpointRouteBuilder application => application.DataSources,
        { } root when root.Properties.TryGetValue(Routing, out var routing) && routing is IEndpointRouteBuilder endpoints => endpoints.DataSources,
        _ => [],
    };

    /// <summary>What keeps the guard from being asked first: a sentence for each, with what to do. Settled when the server listens.</summary>
    public IEnumerable<string> Faults => _root is not null ? _inFront : [_isInBranch
        ? "UseOriginGuard was called on a branch of the pipeline: requests that do not take the branch are not guarded. Call app.UseOriginGuard() on the application itself, first."
        : "AddOriginGuard was called, UseOriginGuard was not: no request is guarded. Call app.UseOriginGuard() before everything else."];

    /// <summary>The server makes its pipeline; all that a WebApplication has written is known by now, and nothing of the framework's has been added.</summary>
    /// <param name="app">The root of the pipeline.</param>
    /// <param name="arrival">The startup filter that must be the first.</param>
    public void Begin(IApplicationBuilder app, IStartupFilter arrival)
    {
        app.Properties[Root] = app;
        var first = app.ApplicationServices.GetServices<IStartupFilter>().First(static filter => filter is not IapIdentityHeadersStartupFilter);
        if (!ReferenceEquals(first, arrival))
        {
            _inFront.Add($"The startup filter {first.GetType().Name} stands in front of the guard and sees and changes requests before it. Call AddOriginGuard after what registers it.");
        }

        if (_root is WebApplication application && application.Services.GetService<IServiceProviderIsService>() is { } services)
        {
            _addsAuthentication = services.IsService(typeof(IAuthenticationSchemeProvider)) && ((IApplicationBuilder)application).Properties.TryAdd(Authentication, true);
            _addsAuthorization = services.IsService(typeof(IAuthorizationHandlerProvider)) && ((IApplicationBuilder)application).Properties.TryAdd(Authorization, true);
        }
    }

    /// <summary>The guard takes its place. False where it has one already, or where this is none that all requests come by.</summary>
    public bool Add(IApplicationBuilder app)
    {
        if (_root is not null || !IsRoot(app))
        {
            _isInBranch |= !IsRoot(app);
            return false;
        }

        _root = app;
        _hadRouting = app.Properties.ContainsKey(Routing);
        if (app.Properties.ContainsKey(Authentication) || app.Properties.ContainsKey(Authorization))
        {
            _inFront.Add(
                "UseAuthentication or UseAuthorization was called before UseOriginGuard: strangers reach the login, its call-backs and its answers, and a user of the guard is not known there. "
                + "Call app.UseOriginGuard() before them.");
        }

        if (app.ApplicationServices.GetService<EndpointDataSource>() is CompositeEndpointDataSource mapped && mapped.DataSources.Any())
        {
            _inFront.Add("UseEndpoints was called before UseOriginGuard: endpoints answer without the guard. Call app.UseOriginGuard() before app.UseEndpoints(…).");
        }

        return true;
    }

    /// <summary>What runs behind the guard, with what the framework would have put in front of it.</summary>
    public RequestDelegate Behind(IApplicationBuilder app, bool isPlace, RequestDelegate next)
    {
        if (isPlace && app.ApplicationServices.GetService<ICorsService>() is not null)
        {
            var cors = app.New().UseCors();
            cors.Run(MethodNotAllowed);
            CorsAlone = cors.Build();
        }

        if (!isPlace || !(_addsAuthentication || _addsAuthorization))
        {
            return next;
        }

        var behind = app.New();
        if (_addsAuthentication)
        {
            behind.UseAuthentication();
        }

        if (_addsAuthorization)
        {
            behind.UseAuthorization();
        }

        behind.Run(next);
        return behind.Build();
    }

    private static Task MethodNotAllowed(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    // The pipeline of a startup class is made while the server starts; by then its root is known.
    private static bool IsRoot(IApplicationBuilder app) =>
        app is WebApplication || (app.Properties.TryGetValue(Root, out var root) && root is IApplicationBuilder first && ReferenceEquals(first.Properties, app.Properties)); // a branch has a copy, a wrapper has not
}
