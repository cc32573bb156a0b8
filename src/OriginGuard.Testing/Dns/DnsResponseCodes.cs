namespace OriginGuard.Testing.Dns;

/// <summary>RCODEs that the server gives (RFC 1035, section 4.1.1).</summary>
internal static class DnsResponseCodes
{
    public const int NoError = 0;
    public const int FormatError = 1;
    public const int ServerFailure = 2;
    public const int NameError = 3;
    public const int NotImplemented = 4;
    public const int Refused = 5;
}
