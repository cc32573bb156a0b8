using System.Diagnostics;
using System.Globalization;
using System.Net;
using OriginGuard.Testing.Headers;

namespace OriginGuard.Testing;

/// <summary>
/// What Google's external Application Load Balancer does to the header lines of a request on its way to an Internet NEG. Each rule says in
/// <see cref="Normalize"/> whether Google documents it or whether it is inferred.
/// </summary>
public sealed class HeaderNormalizer
{
    private const string AssertionHeader = "x-goog-iap-jwt-assertion";

    private readonly LoadBalancerKind _kind;
    private readonly bool _isLowerCase;
    private readonly bool _mergeUnknown;
    private readonly IPAddress _forwardingRule;
    private readonly Func<Uri, string?>? _assertion;
    private readonly (string Name, CustomHeaderTemplate Value, bool Replace)[] _custom;

    /// <summary>Takes the settings over; later changes to <paramref name="options"/> have no effect.</summary>
    /// <param name="options">What is configured at the load balancer.</param>
    /// <exception cref="ArgumentException">
    /// A custom request header breaks a rule of the load balancer: at most 16 headers and 8 KB of names and values before variables expand,
    /// each name once, a valid token, not hop-by-hop, not <c>X-User-IP</c>, <c>CDN-Loop</c> or <c>authority</c>, not starting with
    /// <c>X-Google</c>, <c>X-Goog-</c>, <c>X-GFE</c> or <c>X-Amz-</c>, not <c>Host</c> on a regional load balancer, and appended nowhere; a value of visible
    /// ASCII and blanks, its braces paired, without <c>{hostname}</c> on a regional one. The message names every mistake and quotes no value. All documented.
    /// </exception>
    public HeaderNormalizer(SimulatedLoadBalancerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CustomHeaderRules.ThrowIfBroken(options.CustomRequestHeaders, options.Kind);
        _kind = options.Kind;
        _isLowerCase = options.Kind is LoadBalancerKind.Regional || options.Protocol is BackendProtocol.Http2 || options.Spelling is HeaderSpelling.LowerCase;
        _mergeUnknown = options.MergeUnknownHeaders;
        _forwardingRule = options.ForwardingRuleAddress;
        _assertion = options.IapAssertion;
        _custom = [.. options.CustomRequestHeaders.Select(
            header => (header.Name, CustomHeaderTemplate.Parse(header.Value), header.Replace))];
    }

    /// <summary>The header lines that the origin receives.</summary>
    /// <remarks>
    /// <para>Dropped: hop-by-hop fields (documented) and fields that <c>Connection</c> names (inferred from RFC 9110, 7.6.1); with IAP on,
    /// every <c>X-Goog-*</c> that the client sent (documented).</para>
    /// <para>Added: <c>Via: 1.1 google</c>, after the client's (documented that it is added; the value is inferred from responses);
    /// <c>X-Forwarded-For</c> as one line <c>existing,client,load balancer</c> with single commas (documented); <c>X-Forwarded-Proto</c> in
    /// the place of the client's, <c>X-Cloud-Trace-Context</c> where the client sent none, and on a regional load balancer all four
    /// (inferred); with IAP on, its assertion, and <c>X-Goog-Authenticated-User-Email</c> and <c>-ID</c> with what the assertion says, if it is a JWT with
    /// a <c>sub</c> (documented). A CORS preflight gets none of the three: IAP is as with <c>allowHttpOptions</c>, which lets it through without sign-in (documented).</para>
    /// <para>Custom request headers come last, so that they also replace what the load balancer added (inferred). <c>Host</c> stays unless
    /// one of them sets it (documented).</para>
    /// <para>Merged, but never by a regional load balancer: repeated fields whose values form a list become one line, in their order
    /// (documented); the separator is a comma without a blank (documented for <c>X-Forwarded-For</c>, inferred for others). Fields with one
    /// value, <c>Set-Cookie</c> above all, stay apart (documented); but lines of <c>Cookie</c>, into which HTTP/2 may split it, become one with "; " (inferred from RFC 9113,
    /// 8.2.3), whichever load balancer it is. Unregistered fields follow
    /// <see cref="SimulatedLoadBalancerOptions.MergeUnknownHeaders"/>.</para>
    /// <para>Spelled: towards HTTP/1.1 a capital at the start and after each hyphen (documented, and contradicted by another page of Google: see
    /// <see cref="SimulatedLoadBalancerOptions.Spelling"/>) and nowhere else (inferred), and the registered spelling where that differs (documented); towards HTTP/2 lower case (documented); regional lower case (inferred from
    /// Envoy).</para>
    /// </remarks>
    /// <param name="lines">Names and values as the client sent them, line by line.</param>
    /// <param name="uri">What the client asked for.</param>
    /// <param name="clientAddress">Where the client's connection came from.</param>
    /// <param name="method">The method, by which a preflight is known. GET by default.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A name is no token (RFC 9110, 5.6.2): no request with it reaches an origin.</exception>
    /// <exception cref="InvalidOperationException"><see cref="SimulatedLoadBalancerOptions.IapAssertion"/> gave a text with a control character.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Normalize(
        IEnumerable<KeyValuePair<string, string>> lines, Uri uri, IPAddress clientAddress, string method = "GET")
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(clientAddress);
        ArgumentNullException.ThrowIfNull(method);

        var request = new HeaderLines(lines);
        request.ThrowIfNoToken(nameof(lines));
        var client = clientAddress.IsIPv4MappedToIPv6 ? clientAddress.MapToIPv4() : clientAddress;
        DropWhatEndsHere(request);
        AddWhatTheLoadBalancerSays(request, uri, client);
        AddWhatIapSays(request, uri, method);
        AddCustomHeaders(request, uri, client);
        request.JoinCookies();
        if (_kind is not LoadBalancerKind.Regional)
        {
            request.Coalesce(_mergeUnknown);
        }

        return request.ToArray(Spell);
    }

    private void DropWhatEndsHere(HeaderLines request)
    {
        request.Remove(HopByHop.In(request.Values("Connection")).Contains);
        if (_assertion is not null)
        {
            request.Remove(static name => name.StartsWith("X-Goog-", StringComparison.OrdinalIgnoreCase));
        }
    }

    private void AddWhatTheLoadBalancerSays(HeaderLines request, Uri uri, IPAddress client)
    {
        if (!request.Values("Host").Any())
        {
            request.Add("Host", uri.Authority);
        }

        request.Extend("Via", "1.1 google");
        request.Extend("X-Forwarded-For", client.ToString(), _forwardingRule.ToString());
        request.Replace("X-Forwarded-Proto", uri.Scheme);
        if (!request.Values("X-Cloud-Trace-Context").Any())
        {
            request.Add("X-Cloud-Trace-Context", NewTrace());
        }
    }

    private void AddWhatIapSays(HeaderLines request, Uri uri, string method)
    {
        if (_assertion is null || Preflight.Is(method, request) || _assertion(uri) is not { } assertion)
        {
            return;
        }

        if (assertion.Any(static character => character is not '\t' && char.IsControl(character)))
        {
            throw new InvalidOperationException(
                $"{nameof(SimulatedLoadBalancerOptions.IapAssertion)} gave a text with a control character, such as a line break at its end, which no header carries. Take it off.");
        }

        request.Add(AssertionHeader, assertion);
        foreach (var (name, value) in UnsignedHeaders.Beside(assertion))
        {
            request.Add(name, value);
        }
    }

    private void AddCustomHeaders(HeaderLines request, Uri uri, IPAddress client)
    {
        var host = request.Values("Host").First();
        foreach (var (name, template, replace) in _custom)
        {
            var value = template.Expand(Resolve);
            if (replace)
            {
                request.Remove(name);
            }

            request.Add(name, value);
        }

        string? Resolve(string variable) => variable switch
        {
            "client_ip_address" => client.ToString(),
            "server_ip_address" => _forwardingRule.ToString(),
            "client_encrypted" => uri.Scheme is "https" ? "true" : "false",
            "client_protocol" => "HTTP/1.1",
            "hostname" => host,
            _ => null,
        };
    }

    private static string NewTrace()
    {
        var span = ulong.Parse(ActivitySpanId.CreateRandom().ToHexString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{ActivityTraceId.CreateRandom()}/{span}");
    }

    private string Spell(string name) => _isLowerCase ? name.ToLowerInvariant() : HeaderNames.Spell(name);
}
