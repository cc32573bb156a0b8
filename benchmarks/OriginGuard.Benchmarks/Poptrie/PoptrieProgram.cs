using System.Diagnostics;
using System.Net;
using OriginGuard.Benchmarks.Ranges;

namespace OriginGuard.Benchmarks.Poptrie;

/// <summary>The poptrie in C, compiled here and now, and the tables that it reads.</summary>
internal static class PoptrieProgram
{
    private const string Compiler = "gcc";

    private static readonly string[] Optimized = ["-O3", "-march=native", "-Wall", "-Wextra", "-Werror"];

    /// <returns>Where the program is; null where there is no compiler.</returns>
    public static async Task<string?> BuildAsync()
    {
        var source = Path.Combine(Folders.Root, "benchmarks", "OriginGuard.Benchmarks", "Poptrie", "poptrie.c");
        var program = Path.Combine(Folders.Artifacts, "poptrie");
        try
        {
            using var compiler = Process.Start(Compiler, [.. Optimized, "-o", program, source]);
            await compiler.WaitForExitAsync();
            return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"{Compiler} did not compile {source}.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <param name="networks">Networks of one family.</param>
    /// <param name="addresses">Addresses at the left of the 128 bits.</param>
    /// <param name="width">Bits of an address of that family.</param>
    public static string WriteTable(IPNetwork[] networks, UInt128[] addresses, int width)
    {
        var path = Path.Combine(Folders.Artifacts, "poptrie.table");
        using var table = new BinaryWriter(File.Create(path));
        table.Write(width);
        table.Write(networks.Length);
        table.Write(addresses.Length);
        foreach (var network in networks)
        {
            Write(table, RoutingTable.ToRange(network).First << (128 - width));
            table.Write(network.PrefixLength);
        }

        foreach (var address in addresses)
        {
            Write(table, address);
        }

        return path;
    }

    private static void Write(BinaryWriter table, UInt128 address)
    {
        table.Write((ulong)(address >> 64));
        table.Write((ulong)address);
    }
}
