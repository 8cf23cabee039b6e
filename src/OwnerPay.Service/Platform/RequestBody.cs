namespace OwnerPay.Service.Platform;

/// <summary>Bodies whose bytes matter as they came, and which strangers may send.</summary>
public static class RequestBody
{
    /// <returns>All of it; null when it is larger than it may be.</returns>
    public static async Task<byte[]?> Read(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.ContentLength > most) return null;
        using var held = new MemoryStream();
        var buffer = new byte[8192];
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            if (held.Length + count > most) return null;
            held.Write(buffer, 0, count);
        }
        return held.ToArray();
    }
}
