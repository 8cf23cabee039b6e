using Microsoft.AspNetCore.Http.HttpResults;

namespace OwnerPay.Service.Platform;

/// <summary>The answer of an operation: a value, or an expected refusal.</summary>
public readonly record struct Result<T>
{
    readonly T? value;

    Result(T? value, Error? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    /// <summary>Why it was refused, or null when it was done.</summary>
    public Error? Refusal { get; }

    public bool Done => Refusal is null;

    /// <exception cref="InvalidOperationException">Read although the operation was refused: a bug of the caller.</exception>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error refusal) => new(default, refusal);

    /// <summary>The HTTP form: the given result when done, else problem details.</summary>
    public Results<TOk, ProblemHttpResult> ToHttp<TOk>(Func<T, TOk> done) where TOk : IResult =>
        Refusal is null ? done(value!) : Refusal.ToProblem();
}

public static class Result
{
    /// <summary>A value whose type is an interface, for which C# knows no implicit conversion.</summary>
    public static Result<T> Of<T>(T value) => value;
}
