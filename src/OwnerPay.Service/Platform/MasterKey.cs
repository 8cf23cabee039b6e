using System.Security.Cryptography;
using System.Text;

namespace OwnerPay.Service.Platform;

/// <summary>The installation's 32-byte master key, from a file named by a setting. It wraps merchant keys, ID numbers, token keys, and seals rows.</summary>
/// <remarks>Embedded: made in the data folder with mode 0600 at first start. Several instances on one database share the same file.</remarks>
public sealed class MasterKey
{
    const int Nonce = 12, Tag = 16;
    readonly byte[] key;

    MasterKey(byte[] key) => this.key = key;

    /// <exception cref="InvalidDataException">The file does not hold 64 hexadecimal digits.</exception>
    public static MasterKey LoadOrMake(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var made = new StreamWriter(file, options);
            made.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }
        catch (IOException) when (File.Exists(file)) { /* made before */ }
        var text = File.ReadAllText(file).Trim();
        if (text.Length != 64 || !text.All(char.IsAsciiHexDigit)) throw new InvalidDataException($"主密钥文件 {file} 应为 64 位十六进制数字。");
        return new MasterKey(Convert.FromHexString(text));
    }

    /// <summary>A key for one purpose, so that no purpose can misuse another's.</summary>
    public byte[] For(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>AES-256-GCM with a fresh nonce: nonce ‖ ciphertext ‖ tag. The purpose is authenticated too.</summary>
    public byte[] Wrap(string purpose, ReadOnlySpan<byte> secret)
    {
        var wrapped = new byte[Nonce + secret.Length + Tag];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, Nonce));
        using var aes = new AesGcm(For(purpose), Tag);
        aes.Encrypt(wrapped.AsSpan(0, Nonce), secret, wrapped.AsSpan(Nonce, secret.Length), wrapped.AsSpan(Nonce + secret.Length));
        return wrapped;
    }

    public byte[] Wrap(string purpose, string secret) => Wrap(purpose, Encoding.UTF8.GetBytes(secret));

    /// <exception cref="CryptographicException">Wrapped by another master key or for another purpose, or changed since.</exception>
    public byte[] Unwrap(string purpose, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < Nonce + Tag) throw new CryptographicException("Too short to have been wrapped.");
        var secret = new byte[wrapped.Length - Nonce - Tag];
        using var aes = new AesGcm(For(purpose), Tag);
        aes.Decrypt(wrapped[..Nonce], wrapped[Nonce..^Tag], wrapped[^Tag..], secret);
        return secret;
    }

    public string UnwrapText(string purpose, ReadOnlySpan<byte> wrapped) => Encoding.UTF8.GetString(Unwrap(purpose, wrapped));
}
