using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.WeChat.Crypto;

/// <summary>Why an encrypted push could not be opened.</summary>
public enum PushCipherFault
{
    None,
    /// <summary>No base64, no whole blocks, wrong key, padding or length.</summary>
    Undecipherable,
    /// <summary>Opened well, but it was meant for another account.</summary>
    ForeignAppid,
}

/// <summary>Signatures and AES of WeChat's message push (secure mode) for one mini-program.</summary>
/// <remarks>AES-256-CBC, IV = first half of the key, padding to blocks of 32 bytes; inside: 16 random bytes, length, message, appid.</remarks>
public sealed class PushCipher
{
    const int RandomBytes = 16, LengthBytes = 4, PaddingBlock = 32;
    readonly byte[] key;

    /// <param name="token">As typed into the console.</param>
    /// <param name="encodingAesKey">43 characters from the console.</param>
    /// <exception cref="ArgumentException">The key is not 43 base64 characters: a configuration mistake.</exception>
    public PushCipher(string token, string encodingAesKey, string appid)
    {
        // 43 characters hold two bits more than 32 bytes, and consoles draw all of them at random: a decoder that insists on zeros there
        // would refuse three keys of four.
        var bytes = new byte[33];
        if (encodingAesKey.Length != 43 || !Convert.TryFromBase64String(encodingAesKey + "=", bytes, out var length) || length != 32)
            throw new ArgumentException("An EncodingAESKey has 43 base64 characters.", nameof(encodingAesKey));
        (Token, Appid, key) = (token, appid, bytes[..32]);
    }

    public string Token { get; }

    public string Appid { get; }

    /// <summary>SHA-1 in lower-case hex over the parts sorted by code point and joined.</summary>
    /// <remarks>Parts are token, timestamp and nonce, and in secure mode the <c>Encrypt</c> text too.</remarks>
    public static string Signature(params ReadOnlySpan<string> parts)
    {
        string[] sorted = [.. parts];
        Array.Sort(sorted, StringComparer.Ordinal);
#pragma warning disable CA5350 // WeChat prescribes SHA-1 here.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(string.Concat(sorted))));
#pragma warning restore CA5350
    }

    /// <summary>Checks the <c>signature</c> of a URL check or a plain push. It does not cover the body.</summary>
    public bool SignatureFits(string? signature, string? timestamp, string? nonce) =>
        Same(signature, Signature(Token, timestamp ?? "", nonce ?? ""));

    /// <summary>Checks the <c>msg_signature</c>, which covers the encrypted body.</summary>
    public bool MsgSignatureFits(string? msgSignature, string? timestamp, string? nonce, string encrypt) =>
        Same(msgSignature, Signature(Token, timestamp ?? "", nonce ?? "", encrypt));

    static bool Same(string? given, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(right));

    /// <param name="encrypt">The <c>Encrypt</c> text of a push.</param>
    /// <returns>The message, or null with the reason.</returns>
    public byte[]? Decrypt(string encrypt, out PushCipherFault fault)
    {
        fault = PushCipherFault.Undecipherable;
        if (Base64.TryDecode(encrypt) is not { Length: >= PaddingBlock } cipher || cipher.Length % 16 != 0) return null;
        byte[] plain;
        using (var aes = Aes.Create())
        {
            aes.Key = key;
            // Padding reaches 32, above what the AES classes accept, so it is stripped by hand.
            plain = aes.DecryptCbc(cipher, key.AsSpan(0, 16), PaddingMode.None);
        }
        int padding = plain[^1];
        if (padding is < 1 or > PaddingBlock || plain.AsSpan(plain.Length - padding).ContainsAnyExcept((byte)padding)) return null;
        var body = plain.AsSpan(0, plain.Length - padding);
        if (body.Length < RandomBytes + LengthBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(body[RandomBytes..]);
        var rest = body[(RandomBytes + LengthBytes)..];
        if (length < 0 || length > rest.Length) return null;
        if (!rest[length..].SequenceEqual(Encoding.UTF8.GetBytes(Appid)))
        {
            fault = PushCipherFault.ForeignAppid;
            return null;
        }
        fault = PushCipherFault.None;
        return rest[..length].ToArray();
    }

    /// <summary>Encrypts a message with fresh random bytes.</summary>
    public string Encrypt(ReadOnlySpan<byte> message) => Encrypt(message, RandomNumberGenerator.GetBytes(RandomBytes));

    /// <param name="random">16 bytes; given only where the result must be repeatable.</param>
    /// <returns>Base64 for the <c>Encrypt</c> field.</returns>
    public string Encrypt(ReadOnlySpan<byte> message, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes, nameof(random));
        var appid = Encoding.UTF8.GetBytes(Appid);
        var length = RandomBytes + LengthBytes + message.Length + appid.Length;
        var padding = PaddingBlock - length % PaddingBlock;
        var plain = new byte[length + padding];
        random.CopyTo(plain);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(RandomBytes), message.Length);
        message.CopyTo(plain.AsSpan(RandomBytes + LengthBytes));
        appid.CopyTo(plain.AsSpan(RandomBytes + LengthBytes + message.Length));
        plain.AsSpan(length).Fill((byte)padding);
        using var aes = Aes.Create();
        aes.Key = key;
        return Convert.ToBase64String(aes.EncryptCbc(plain, key.AsSpan(0, 16), PaddingMode.None));
    }
}
