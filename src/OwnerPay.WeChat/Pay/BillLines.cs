using System.Text;

namespace OwnerPay.WeChat.Pay;

/// <summary>The lines of a text file, one at a time in one buffer: no line is copied unless a buffer ends in it.</summary>
sealed class BillLines(Stream stream)
{
    /// <summary>Characters of a line; the longest of a bill have some hundreds.</summary>
    const int Longest = 1 << 20;

    const char Mark = '\uFEFF';

    readonly Decoder decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
    readonly byte[] bytes = new byte[32768];
    char[] buffer = new char[65536];
    int start, end;
    bool begun, atEnd;

    /// <summary>The line without its end; holds until the next is read.</summary>
    public ReadOnlyMemory<char> Line { get; private set; }

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="DecoderFallbackException">Not UTF-8.</exception>
    /// <exception cref="InvalidDataException">The stream under it is damaged, or a line has no end.</exception>
    public ValueTask<bool> NextAsync(CancellationToken cancel) =>
        Take(end - start) ? new(true) : MoreAsync(cancel);

    bool Take(int known)
    {
        var length = buffer.AsSpan(start, known).IndexOf('\n');
        if (length < 0) return false;
        Line = Trimmed(length);
        start += length + 1;
        return true;
    }

    ReadOnlyMemory<char> Trimmed(int length) => buffer.AsMemory(start, length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length);

    async ValueTask<bool> MoreAsync(CancellationToken cancel)
    {
        while (!atEnd)
        {
            MakeRoom();
            var read = await stream.ReadAsync(bytes, cancel);
            atEnd = read == 0;
            end += decoder.GetChars(bytes.AsSpan(0, read), buffer.AsSpan(end), flush: atEnd);
            if (!begun && end > start)
            {
                begun = true;
                if (buffer[start] == Mark) start++;
            }
            if (Take(end - start)) return true;
        }
        if (start == end) return false;
        Line = Trimmed(end - start);
        start = end;
        return true;
    }

    void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (buffer.Length - end > bytes.Length) return;    // a byte gives one character at most
        if (buffer.Length >= Longest) throw new InvalidDataException("A line without an end");
        Array.Resize(ref buffer, buffer.Length * 2);
    }
}
