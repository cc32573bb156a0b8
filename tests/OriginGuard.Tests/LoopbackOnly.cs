using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OriginGuard.Tests;

/// <summary>Whatever an application under test asks for by HTTP ends at a closed port of this machine: no test knows the internet.</summary>
internal static class LoopbackOnly
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before any test, whoever runs it.")]
    internal static void Close()
    {
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:9");
        Environment.SetEnvironmentVariable("no_proxy", "localhost,127.0.0.1,::1,[::1]");
        Environment.SetEnvironmentVariable("https_proxy", "http://127.0.0.1:9");
    }
}
