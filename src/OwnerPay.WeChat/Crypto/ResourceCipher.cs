using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.WeChat.Crypto;

/// <summary>A merchant's APIv3 key: 32 bytes, used only to open what WeChat Pay encrypts. Never printed.</summary>
public sealed class ApiV3Key
{
    // Making a cipher costs more than a small message; instances promise no thread safety, so each caller borrows one of its own.
    readonly ConcurrentBag<AesGcm> idle = [];
    readonly byte[] bytes;

    /// <param name="text">32 letters and digits as set in the merchant platform.</param>
    /// <exception cref="ArgumentException">Not 32 bytes long: a configuration mistake.</exception>
    public ApiV3Key(string text)
    {
        bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length != 32) throw new ArgumentException("An APIv3 key has 32 bytes.", nameof(text));
    }

    internal AesGcm Borrow() => idle.TryTake(out var cipher) ? cipher : new AesGcm(bytes, ResourceCipher.TagBytes);

    internal void GiveBack(AesGcm cipher) => idle.Add(cipher);

    public override string ToString() => "APIv3 key";
}

/// <summary>AEAD_AES_256_GCM as WeChat Pay uses it for notifications and platform certificates.</summary>
public static class ResourceCipher
{
    public const string Algorithm = "AEAD_AES_256_GCM";
    internal const int TagBytes = 16;
    const int NonceBytes = 12;

    /// <summary>A fresh nonce: 12 lower-case hex digits, one byte each.</summary>
    public static string NewNonce() => RandomNumberGenerator.GetHexString(NonceBytes, lowercase: true);

    /// <returns>Base64 of ciphertext followed by the tag.</returns>
    /// <param name="nonce">12 ASCII characters, never twice with one key.</param>
    /// <param name="associatedData">Sent in the clear and bound to the ciphertext; may be empty.</param>
    public static string Encrypt(ApiV3Key key, ReadOnlySpan<byte> plaintext, string nonce, string associatedData)
    {
        var sealedBytes = new byte[plaintext.Length + TagBytes];
        var gcm = key.Borrow();
        gcm.Encrypt(Encoding.UTF8.GetBytes(nonce), plaintext, sealedBytes.AsSpan(0, plaintext.Length),
            sealedBytes.AsSpan(plaintext.Length), Encoding.UTF8.GetBytes(associatedData));
        key.GiveBack(gcm);
        return Convert.ToBase64String(sealedBytes);
    }

    /// <returns>The plain bytes, or null if algorithm, nonce, base64, key, data or tag do not fit.</returns>
    public static byte[]? Decrypt(ApiV3Key key, string? algorithm, string? nonce, string? associatedData, string? ciphertext)
    {
        if (algorithm != Algorithm || nonce is null || ciphertext is null || Encoding.UTF8.GetByteCount(nonce) != NonceBytes) return null;
        Span<byte> nonceBytes = stackalloc byte[NonceBytes];
        Encoding.UTF8.GetBytes(nonce, nonceBytes);
        var bytes = ArrayPool<byte>.Shared.Rent(ciphertext.Length / 4 * 3 + 3);
        var gcm = key.Borrow();
        try
        {
            if (!Base64.TryDecode(ciphertext, bytes, out var length) || length < TagBytes) return null;
            var plaintext = new byte[length - TagBytes];
            gcm.Decrypt(nonceBytes, bytes.AsSpan(0, plaintext.Length), bytes.AsSpan(plaintext.Length, TagBytes), plaintext,
                associatedData is null or "" ? default : Encoding.UTF8.GetBytes(associatedData));
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            key.GiveBack(gcm);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
