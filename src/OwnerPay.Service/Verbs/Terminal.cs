namespace OwnerPay.Service.Verbs;

/// <summary>What a verb sees of its caller: where it prints its answer and its complaints, and whose token it holds.</summary>
/// <param name="Out">Standard output: the answer.</param>
/// <param name="Error">Standard error: progress and what went wrong.</param>
/// <param name="Token">Personal access token of a member of staff; null without one.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, string? Token)
{
    static readonly AsyncLocal<Terminal?> Given = new();

    /// <summary>The process's own; its token stands in the environment variable <c>OWNERPAY_TOKEN</c>.</summary>
    public static Terminal OfProcess => new(Console.Out, Console.Error, Environment.GetEnvironmentVariable("OWNERPAY_TOKEN"));

    /// <summary>The one at which the running verb was called.</summary>
    public static Terminal Here => Given.Value ?? OfProcess;

    /// <summary>Runs a verb at this terminal; several may run side by side in one program.</summary>
    public async Task<T> Run<T>(Func<Task<T>> verb)
    {
        Given.Value = this;    // flows into the verb and ends with this method
        return await verb();
    }
}
