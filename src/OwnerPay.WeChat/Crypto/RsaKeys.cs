using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OwnerPay.WeChat.Crypto;

/// <summary>An RSA private key that signs as API v3 asks: PKCS#1 v1.5 over SHA-256. Safe to share between threads; never printed.</summary>
public sealed class RsaPrivateKey
{
    // RSA instances promise no thread safety, so each caller borrows one of its own.
    readonly ConcurrentBag<RSA> idle = [];
    readonly byte[] pkcs8;

    RsaPrivateKey(byte[] pkcs8) => this.pkcs8 = pkcs8;

    /// <summary>Reads a PKCS#8 or PKCS#1 PEM text.</summary>
    /// <exception cref="CryptographicException">The text holds no usable RSA private key: a configuration mistake.</exception>
    public static RsaPrivateKey FromPem(string pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaPrivateKey(rsa.ExportPkcs8PrivateKey());
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("The PEM text holds no single RSA private key.", e);
        }
    }

    /// <summary>The public half, to hand to whoever checks our signatures.</summary>
    public RsaPublicKey PublicKey() => Use(static rsa => RsaPublicKey.FromSubjectPublicKeyInfo(rsa.ExportSubjectPublicKeyInfo()));

    /// <summary>Whether this is the private half of <paramref name="key"/>.</summary>
    public bool Fits(RsaPublicKey key) => PublicKey().IsSame(key);

    /// <summary>Length of the modulus in bits.</summary>
    public int Bits => Use(static rsa => rsa.KeySize);

    /// <returns>Base64 without line breaks.</returns>
    public string Sign(byte[] message) =>
        Use(rsa => Convert.ToBase64String(rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));

    /// <summary>Opens one sensitive field (RSA-OAEP with SHA-1, base64).</summary>
    /// <returns>The text, or null if it was not encrypted for this key or is no base64.</returns>
    public string? DecryptField(string ciphertext)
    {
        if (Base64.TryDecode(ciphertext) is not { } bytes) return null;
        try
        {
            return Use(rsa => Encoding.UTF8.GetString(rsa.Decrypt(bytes, RSAEncryptionPadding.OaepSHA1)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public override string ToString() => "RSA private key";

    T Use<T>(Func<RSA, T> work)
    {
        if (!idle.TryTake(out var rsa))
        {
            rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        }
        var result = work(rsa);
        idle.Add(rsa);
        return result;
    }
}

/// <summary>An RSA public key that checks API v3 signatures. Safe to share between threads.</summary>
public sealed class RsaPublicKey
{
    readonly ConcurrentBag<RSA> idle = [];
    readonly byte[] info;

    RsaPublicKey(byte[] info) => this.info = info;

    /// <summary>Reads a PEM text that is either a public key or an X.509 certificate.</summary>
    /// <exception cref="CryptographicException">The text holds neither: a configuration mistake.</exception>
    public static RsaPublicKey FromPem(string pem)
    {
        if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return FromCertificate(certificate);
        }
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaPublicKey(rsa.ExportSubjectPublicKeyInfo());
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("The PEM text holds no single RSA public key.", e);
        }
    }

    /// <exception cref="CryptographicException">The certificate's key is not RSA.</exception>
    public static RsaPublicKey FromCertificate(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey() ?? throw new CryptographicException("The certificate's key is not RSA.");
        return new RsaPublicKey(rsa.ExportSubjectPublicKeyInfo());
    }

    internal static RsaPublicKey FromSubjectPublicKeyInfo(byte[] info) => new(info);

    /// <summary>Whether both are one key.</summary>
    public bool IsSame(RsaPublicKey other) => info.AsSpan().SequenceEqual(other.info);

    /// <summary>Whether <paramref name="signature"/> (base64) was made over <paramref name="message"/> with the private half.
    /// What cannot even be decoded is simply wrong: WeChat's probes carry such signatures on purpose.</summary>
    public bool Verifies(ReadOnlySpan<byte> message, string signature)
    {
        const int longest = 1024;    // bytes of a signature by an 8192-bit key; a longer text is no signature
        if (signature.Length > longest * 2) return false;
        Span<byte> bytes = stackalloc byte[longest];
        if (!Base64.TryDecode(signature, bytes, out var length)) return false;
        var rsa = Borrow();
        try
        {
            return rsa.VerifyData(message, bytes[..length], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            idle.Add(rsa);
        }
    }

    /// <summary>Closes one sensitive field for the owner of the private half: RSA-OAEP with SHA-1, base64.</summary>
    /// <param name="plaintext">At most 214 bytes as UTF-8 for a 2048-bit key.</param>
    /// <exception cref="CryptographicException">The text is too long.</exception>
    public string EncryptField(string plaintext) =>
        Use(rsa => Convert.ToBase64String(rsa.Encrypt(Encoding.UTF8.GetBytes(plaintext), RSAEncryptionPadding.OaepSHA1)));

    T Use<T>(Func<RSA, T> work)
    {
        var rsa = Borrow();
        var result = work(rsa);
        idle.Add(rsa);
        return result;
    }

    RSA Borrow()
    {
        if (idle.TryTake(out var rsa)) return rsa;
        rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(info, out _);
        return rsa;
    }
}

static class Base64
{
    /// <returns>The bytes, or null for anything that is not base64.</returns>
    public static byte[]? TryDecode(string text)
    {
        var bytes = new byte[(text.Length / 4 + 1) * 3];
        return TryDecode(text, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>The decoder of UTF-8 takes many characters at a step where the one of strings takes one: five times as fast, copy included.</summary>
    /// <returns>False for anything that is not base64, and for more than <paramref name="into"/> holds.</returns>
    public static bool TryDecode(string text, Span<byte> into, out int length)
    {
        const int onStack = 2048;
        var borrowed = text.Length > onStack ? ArrayPool<byte>.Shared.Rent(text.Length) : null;
        Span<byte> letters = borrowed ?? stackalloc byte[onStack];
        // A letter beyond Latin 1 becomes a question mark, which is not base64 either.
        var count = Encoding.Latin1.GetBytes(text, letters);
        var status = System.Buffers.Text.Base64.DecodeFromUtf8(letters[..count], into, out _, out length);
        if (borrowed is not null) ArrayPool<byte>.Shared.Return(borrowed);
        // It refuses a last letter with bits to spare, which is tolerated everywhere else; forged text alone pays for being asked twice.
        return status == OperationStatus.Done || Convert.TryFromBase64String(text, into, out length);
    }
}
