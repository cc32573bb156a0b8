namespace OriginGuard.Dns;

/// <summary>Numbers of RFC 1035 and RFC 6891 that reader and writer share.</summary>
internal static class DnsConstants
{
    public const int Port = 53;

    public const int HeaderLength = 12;
    public const int MaxNameLength = 255;
    public const int MaxLabelLength = 63;
    public const int MaxMessageLength = ushort.MaxValue;

    public const ushort TypeCname = 5;
    public const ushort TypeTxt = 16;
    public const ushort TypeOpt = 41;
    public const ushort ClassInternet = 1;

    public const ushort FlagResponse = 0x8000;
    public const ushort FlagAuthoritative = 0x0400;
    public const ushort FlagTruncated = 0x0200;
    public const ushort FlagRecursionDesired = 0x0100;
    public const ushort FlagRecursionAvailable = 0x0080;
    public const ushort OpcodeMask = 0x7800;
    public const ushort ResponseCodeMask = 0x000F;
}
