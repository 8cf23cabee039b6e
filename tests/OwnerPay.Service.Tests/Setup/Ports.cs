using System.Net;
using System.Net.Sockets;

namespace OwnerPay.Service.Tests.Setup;

/// <summary>Free loopback ports that stay free until their test listens.</summary>
/// <remarks>
/// They lie below the range from which systems take the ports of outgoing connections and of listeners that ask for any port: one of
/// those would take a port away between its choice and its use. A process of tests owns a block of them as long as it lives.
/// </remarks>
public static class Ports
{
    const int First = 10_000;
    const int End = 32_000;
    const int Block = 1_000;

    static readonly Lock Gate = new();
    static TcpListener? owned;    // of the block's first port: other processes find it taken
    static int last;

    public static int Free()
    {
        lock (Gate)
        {
            owned ??= OwnBlock();
            var start = PortOf(owned);
            for (var tries = 1; tries < Block; tries++)
            {
                last = last % (Block - 1) + 1;
                if (Listen(start + last) is not { } free) continue;
                free.Dispose();
                return start + last;
            }
        }
        throw new InvalidOperationException("No port of the block is free.");
    }

    static TcpListener OwnBlock()
    {
        for (var start = First; start < End; start += Block)
            if (Listen(start) is { } block) return block;
        throw new InvalidOperationException("No block of ports is free.");
    }

    static TcpListener? Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            listener.Dispose();
            return null;
        }
    }

    static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
