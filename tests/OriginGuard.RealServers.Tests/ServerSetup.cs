using System.Net;
using System.Net.Sockets;

namespace OriginGuard.RealServers.Tests;

/// <summary>What a server is given before it starts: a folder, ports that are free, and the files that a recipe writes.</summary>
public sealed class ServerSetup : IDisposable
{
    private readonly List<int> _ports = [];

    /// <summary>A temporary folder that goes when the server has ended.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("originguard-").FullName;

    /// <summary>The port that is waited for; further ones come from <see cref="TakePort"/>.</summary>
    public int Port => _ports.Count > 0 ? _ports[0] : TakePort();

    /// <summary>Where the server should listen.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Port);

    /// <summary>A port of 127.0.0.1 that is free for UDP and TCP now. A server that finds it taken after all is started again.</summary>
    public int TakePort()
    {
        while (true)
        {
            using var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                tcp.Bind(udp.LocalEndPoint!);
            }
            catch (SocketException)
            {
                continue;
            }

            var port = ((IPEndPoint)udp.LocalEndPoint!).Port;
            if (!_ports.Contains(port))
            {
                _ports.Add(port);
                return port;
            }
        }
    }

    /// <summary>Writes a file into the folder and gives its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
