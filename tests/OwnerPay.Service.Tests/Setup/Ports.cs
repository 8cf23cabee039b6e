namespace OwnerPay.Service.Tests.Setup;

/// <summary>Free loopback ports.</summary>
public static class Ports
{
    public static int Free()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
