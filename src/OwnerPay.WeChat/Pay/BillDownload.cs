using System.IO.Compression;
using System.Security.Cryptography;

namespace OwnerPay.WeChat.Pay;

/// <summary>Which lines a trade bill lists.</summary>
public enum TradeBillKind { All, Success, Refund }

/// <summary>Which of the merchant's balances a fund-flow bill lists.</summary>
public enum FundFlowAccount { Basic, Operation, Fees }

/// <summary>A bill that WeChat made ready, to be fetched within 5 minutes; or the news that there is none.</summary>
/// <param name="DownloadUrl">Null when nothing happened on that day.</param>
/// <param name="Sha1">40 hex digits over the unpacked file.</param>
public sealed record BillTicket(Uri? DownloadUrl, string? Sha1)
{
    /// <summary>A day or account without any line.</summary>
    public static BillTicket Empty { get; } = new(null, null);

    public bool IsEmpty => DownloadUrl is null;
}

/// <summary>A downloaded bill whose hash agreed.</summary>
/// <param name="Bytes">Length of the unpacked file.</param>
/// <param name="Sha1">Lower-case hex over the unpacked file; empty for an empty ticket.</param>
public sealed record BillFile(long Bytes, string Sha1);

/// <summary>Fetches a bill file: our request is signed, WeChat's answer is not; the hash of the unpacked file stands in for it.</summary>
static class BillDownload
{
    public static async Task<PayResult<BillFile>> RunAsync(
        PayTransport transport, MerchantCredentials merchant, BillTicket ticket, Stream destination, CancellationToken cancel)
    {
        if (ticket is not { DownloadUrl: { } url, Sha1: { } sha1 } || !transport.Options.MayDownloadFrom(url))
            return Refused("The bill lies on a host that is not WeChat's.", Remedy.AskStaff);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(transport.Options.DownloadTimeout);
        var (response, failure) = await transport.OpenAsync(PayCall.BillDownload, merchant, HttpMethod.Get, url, default, limit.Token, cancel);
        if (response is null) return failure!;
        using (response)
        {
            try
            {
                await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
                if (!response.IsSuccessStatusCode) return await ErrorAsync(response, body, limit.Token);
                return await UnpackAsync(body, sha1, destination, transport.Options.MaxBillBytes, limit.Token);
            }
            catch (InvalidDataException)
            {
                return Refused("The bill is packed wrongly; apply again.", Remedy.Retry);
            }
            catch (Exception e) when (PayTransport.Explain(PayCall.BillDownload, e, response, cancel) is { } reason)
            {
                return reason;
            }
        }
    }

    static async Task<PayResult<BillFile>> UnpackAsync(Stream body, string sha1, Stream destination, long maxBytes, CancellationToken cancel)
    {
        // Whether the file is packed shows in its first two bytes; what was asked for and what the headers say may differ.
        var head = new byte[2];
        var headLength = await body.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancel);
        await using var whole = new PrefixedStream(head.AsMemory(0, headLength), body);
        var packed = headLength == 2 && head is [0x1f, 0x8b];
        await using var plain = packed ? new GZipStream(whole, CompressionMode.Decompress) : (Stream)whole;
#pragma warning disable CA5350 // WeChat prescribes SHA-1 here.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        var buffer = new byte[81920];
        long bytes = 0;
        while (await plain.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            bytes += read;
            if (bytes > maxBytes) return Refused($"The bill is larger than {maxBytes} bytes.", Remedy.AskStaff);
            hash.AppendData(buffer, 0, read);
            await destination.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return string.Equals(found, sha1, StringComparison.OrdinalIgnoreCase)
            ? new BillFile(bytes, found)
            : Refused("The bill's hash differs from the announced one; apply again.", Remedy.Retry);
    }

    static async Task<PayResult<BillFile>> ErrorAsync(HttpResponseMessage response, Stream body, CancellationToken cancel)
    {
        var text = new byte[4096];
        var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancel);
        var answer = new RawAnswer((int)response.StatusCode, Crypto.SignatureHeaders.From(response.Headers),
            PayTransport.RequestId(response), text[..length]);
        return PayClient.ErrorAnswer(PayCall.BillDownload, answer, Crypto.Verification.MissingHeader);
    }

    static PayFailure Refused(string message, Remedy remedy) => new(200, PayCodes.BadFile, message, null, remedy, OutcomeUnknown: false);

    /// <summary>Gives back bytes that were read ahead, then goes on with the stream they came from.</summary>
    sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        ReadOnlyMemory<byte> prefix = prefix;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => TakePrefix(buffer.AsSpan(offset, count)) is > 0 and var taken
            ? taken : rest.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            TakePrefix(buffer.Span) is > 0 and var taken ? ValueTask.FromResult(taken) : rest.ReadAsync(buffer, cancellationToken);

        int TakePrefix(Span<byte> buffer)
        {
            var count = Math.Min(prefix.Length, buffer.Length);
            prefix.Span[..count].CopyTo(buffer);
            prefix = prefix[count..];
            return count;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
