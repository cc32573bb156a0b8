using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Xunit;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>docs/design/002: why the comparison of the secret is code of our own, and what is to be seen before it may be.</summary>
public sealed class MachineCodeTests
{
    // The heart of it, as the compiler wrote it.
    private const string Sound = """
        ; Assembly listing for method OriginGuard.SharedSecret.SlotSearch:FindByVectors(byref,byref,int,int):int (FullOpts)
        G_M000_IG04:                ;; offset=0x000F
               xor      r8d, r8d
        G_M000_IG05:                ;; offset=0x0025
               vmovups  xmm2, xmmword ptr [rdi+r8]
               vpternlogd xmm1, xmm2, xmmword ptr [rdx+r8], -10
               align    [0 bytes for IG05]
               add      r8, 16
               cmp      r8, rax
               jb       SHORT G_M000_IG05
               vpcmpeqd xmm1, xmm2, xmm1
               dec      ecx
               jns      SHORT G_M000_IG04
               vmovd    eax, xmm0
               ret      
        """;

    [Fact]
    public void Code_that_decides_by_counters_alone_has_no_flaw() => Assert.Empty(MachineCode.Flaws(MachineCode.Read(Sound, "FindByVectors")));

    [Theory]
    [InlineData("add      r8, 16", "vptest   xmm1, xmm1\n       jne      SHORT G_M000_IG06\n       add      r8, 16", "vptest xmm1, xmm1")]
    [InlineData("add      r8, 16", "vpmovmskb r9d, xmm1\n       add      r8, 16", "vpmovmskb r9d, xmm1")]
    [InlineData("dec      ecx", "vmovd    r9d, xmm1\n       dec      ecx", "vmovd r9d, xmm1")]
    [InlineData("dec      ecx", "kortestb k1, k1\n       dec      ecx", "kortestb k1, k1")]
    [InlineData("add      r8, 16", "movzx    r9, byte  ptr [rdi+r8]\n       add      r8, 16", "movzx r9, byte ptr [rdi+r8]")]
    [InlineData("cmp      r8, rax", "cmp      byte  ptr [rdi+r8], 0", "cmp byte ptr [rdi+r8], 0")]
    [InlineData("xor      r8d, r8d", "call     [SomethingElse]", "call [SomethingElse]")]
    public void A_secret_that_can_steer_the_code_is_found_out(string instruction, string planted, string flaw)
    {
        var code = Sound.Replace(instruction, planted, StringComparison.Ordinal);

        Assert.StartsWith(flaw, Assert.Single(MachineCode.Flaws(MachineCode.Read(code, "FindByVectors"))), StringComparison.Ordinal);
    }

    [Fact]
    public void No_listing_is_no_code() => Assert.Empty(MachineCode.Read(Sound, "Find"));

    /// <summary>The check reads x64 only, and vectors of 32 bytes only where there are any.</summary>
    internal static void RequireX64(bool isWide)
    {
        if (RuntimeInformation.ProcessArchitecture is not Architecture.X64)
        {
            Assert.Skip($"The check reads the code of x64, and this machine is {RuntimeInformation.ProcessArchitecture}.");
        }

        if (isWide && !Vector256.IsHardwareAccelerated)
        {
            Assert.Skip("This processor has no vectors of 32 bytes.");
        }
    }
}
