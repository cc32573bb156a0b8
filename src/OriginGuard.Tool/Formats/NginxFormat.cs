namespace OriginGuard.Tool.Formats;

/// <summary>Rules of ngx_http_access_module, to be included.</summary>
internal static class NginxFormat
{
    public static string Render(RangeSet ranges) =>
        FileHead.Render(
            ranges,
            "--format nginx",
            "Include it in a server or location; then: nginx -t && nginx -s reload",
            "Everything else gets 403. With the realip module, nginx would judge the client's address instead of the peer's.")
        + string.Concat(ranges.Networks.Select(static network => $"allow {network};\n"))
        + "deny all;\n";
}
