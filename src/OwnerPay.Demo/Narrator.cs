using OwnerPay.Domain;

namespace OwnerPay.Demo;

/// <summary>Tells the story on standard output, in Chinese, with the story's date.</summary>
public sealed class Narrator(StoryTime time)
{
    public void Chapter(string title) => Console.WriteLine($"\n── {Today():M月d日}　{title}");

    public void Tell(string sentence) => Console.WriteLine($"　　{Now():HH:mm}　{sentence}");

    /// <summary>Amounts in yuan for people.</summary>
    public static string Yuan(long fen) => new Fen(fen) + " 元";

    DateTimeOffset Now() => time.GetUtcNow().ToOffset(TimeSpan.FromHours(8));

    DateTime Today() => Now().Date;
}
