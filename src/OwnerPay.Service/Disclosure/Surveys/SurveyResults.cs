using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Sheets;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;
using static OwnerPay.Service.Platform.Sheets.SheetColumns;

namespace OwnerPay.Service.Disclosure.Surveys;

/// <param name="Invited">Houses or persons that may answer.</param>
/// <param name="Answered">Of them those that have.</param>
public sealed record StaffSurvey(
    Guid SurveyId, string Title, SurveyState State, SurveyUnit Unit, bool Anonymous, Audience Audience, DateOnly From, DateOnly To, int Invited,
        int Answered);

/// <param name="Option">Its text, or the point on the scale.</param>
public sealed record OptionResult(string Option, int Count, int PerMille);

/// <param name="Answers">How many answered this question.</param>
/// <param name="AverageHundredths">Of a scale: the mean in 0.01, rounded half up; null for the other kinds.</param>
/// <param name="Texts">Of a text question: what was written, personal data taken out, in no order.</param>
public sealed record QuestionResult(
    Guid QuestionId, int Number, QuestionKind Kind, string Text, int Answers, IReadOnlyList<OptionResult> Options, int? AverageHundredths,
        IReadOnlyList<string> Texts);

public sealed record SurveyResult(StaffSurvey Survey, IReadOnlyList<QuestionResult> Questions);

/// <summary>What a survey brought: counts per option, means, and texts without personal data. Anonymous ones show nothing before they are over, nor
/// from fewer than five sheets: whoever looks after every answer would know whose it was. A survey is no vote of the owners in the sense of the
/// law.</summary>
/// <remarks>Errors: <c>survey_not_found</c> 404; <c>cursor_invalid</c> 400; <c>survey_results_hidden</c> 409.</remarks>
public sealed class SurveyResults(OwnerPayDb db, Clock clock)
{
    const int PageSize = 50, FewestSheets = 5;
    static readonly Error Hidden = new(409, "survey_results_hidden", "匿名问卷的结果暂不可见") { Detail = "问卷结束后，并且收到至少 5 份答卷，才能查看结果" };
    static readonly StaffRole[] Readers = [StaffRole.Clerk, StaffRole.Manager];

    /// <summary>A line of the Excel file: an option with its count, or one text.</summary>
    sealed record Line(QuestionResult Question, string Answer, int Count, int? PerMille);

    static readonly SheetColumn<Line>[] Columns =
    [
        Whole<Line>("题号", r => r.Question.Number, 8), Text<Line>("题目", r => r.Question.Text, 40), Text<Line>("选项或回答", r => r.Answer, 50),
            Whole<Line>("份数", r => r.Count),
        Text<Line>("占比", r => r.PerMille is { } ratio ? PaymentProgress.Percent(ratio) : "", 10),
    ];

    public static void Map(Doors doors)
    {
        const string surveys = "/communities/{communityId:guid}/surveys";
        doors.Staff.MapGet(surveys, GetList).WithName("listStaffSurveys").ForStaff(Readers).CanFail(Cursor.Invalid);
        doors.Staff.MapGet(surveys + "/{surveyId:guid}/results", Get).WithName("showSurveyResults").ForStaff(Readers)
            .CanFail(KeepSurveys.NotFound, Hidden);
        doors.MapSheet("surveys/{surveyId:guid}/results", "exportSurveyResults", Export, Readers).CanFail(KeepSurveys.NotFound, Hidden);
    }

    static async Task<Results<Ok<Page<StaffSurvey>>, ProblemHttpResult>> GetList(StaffMember by, SurveyResults results, CancellationToken cancel,
        string? cursor = null)
    {
        if (!Cursor.TryRead(cursor, out var after)) return Cursor.Invalid.ToProblem();
        var rows = await results.db.Surveys.AsNoTracking().Where(s => s.CommunityId == by.CommunityId)
            .NewestFirst(after, s => new Cursor(s.CreatedAt, s.Id))
            .Take(PageSize + 1).ToListAsync(cancel);
        var page = Pages.Of(rows, PageSize, s => new Cursor(s.CreatedAt, s.Id));
        return TypedResults.Ok(new Page<StaffSurvey>(await results.Show(page.Items, cancel), page.NextCursor));
    }

    static async Task<Results<Ok<SurveyResult>, ProblemHttpResult>> Get(Guid surveyId, StaffMember by, SurveyResults results,
        CancellationToken cancel) =>
        (await results.Of(surveyId, by, cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> Export(Guid surveyId, StaffMember by, SurveyResults results,
        ExportSheet export, CancellationToken cancel)
    {
        var found = await results.Of(surveyId, by, cancel);
        if (found.Refusal is { } refusal) return refusal.ToProblem();
        var rows = found.Value.Questions.SelectMany(q => q.Kind == QuestionKind.Text
            ? q.Texts.Select(text => new Line(q, text, 1, null)) : q.Options.Select(option =>
                new Line(q, option.Option, option.Count, option.PerMille)));
        return await export.Run(by, "survey-results", "问卷结果", Columns, rows.ToAsyncEnumerable(), cancel);
    }

    readonly OwnerPayDb db = db;

    async Task<IReadOnlyList<StaffSurvey>> Show(IReadOnlyList<Survey> surveys, CancellationToken cancel)
    {
        var ids = surveys.Select(s => s.Id).ToList();
        var turns = await db.SurveyTurns.Where(t => ids.Contains(t.SurveyId)).GroupBy(t => t.SurveyId)
            .Select(g => new { g.Key, Invited = g.Count(), Answered = g.Count(t => t.Done) }).ToDictionaryAsync(g => g.Key, cancel);
        return [.. surveys.Select(s => new StaffSurvey(s.Id, s.Title, s.State, s.Unit, s.Anonymous, s.Audience, s.From, s.To,
            turns.GetValueOrDefault(s.Id)?.Invited ?? 0, turns.GetValueOrDefault(s.Id)?.Answered ?? 0))];
    }

    async Task<Result<SurveyResult>> Of(Guid id, StaffMember by, CancellationToken cancel)
    {
        var survey = await db.Surveys.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.CommunityId == by.CommunityId, cancel);
        if (survey is null) return KeepSurveys.NotFound;
        var shown = (await Show([survey], cancel))[0];
        if (survey.Anonymous && (!survey.IsOver(clock.Today()) || shown.Answered < FewestSheets)) return Hidden;
        var questions = await db.SurveyQuestions.AsNoTracking().Where(q => q.SurveyId == id).OrderBy(q => q.Number).ToListAsync(cancel);
        var results = new List<QuestionResult>();
        foreach (var question in questions)
        {
            // In the order of their random ids, which is none.
            var answers = await db.SurveyAnswers.AsNoTracking().Where(a => a.QuestionId == question.Id).OrderBy(a => a.Id)
                .Select(a => new { a.Choices, a.Text }).ToListAsync(cancel);
            results.Add(Result(question, [.. answers.Select(a => JsonSerializer.Deserialize<List<int>>(a.Choices, Json.Options)!)],
                [.. answers.Select(a => a.Text)]));
        }
        return new SurveyResult(shown, results);
    }

    static QuestionResult Result(SurveyQuestion question, IReadOnlyList<IReadOnlyList<int>> choices, IReadOnlyList<string> texts)
    {
        var written = texts.Where(text => text.Length > 0).ToList();
        if (question.Kind == QuestionKind.Text) return new(question.Id, question.Number, question.Kind, question.Text, written.Count, [], null,
            written);
        var given = choices.Where(chosen => chosen.Count > 0).ToList();
        IReadOnlyList<string> names = question.Kind == QuestionKind.Scale
            ? [.. Enumerable.Range(1, SurveyQuestion.ScaleTop).Select(point => $"{point} 分")] : question.OptionList;
        var counts = names.Select((name, at) => (Name: name, Count: given.Count(chosen => chosen.Contains(at + 1))));
        var sum = given.Sum(chosen => chosen[0]);
        return new(question.Id, question.Number, question.Kind, question.Text, given.Count,
            [.. counts.Select(c => new OptionResult(c.Name, c.Count, given.Count == 0 ? 0 : c.Count * 1000 / given.Count))],
            question.Kind == QuestionKind.Scale && given.Count > 0 ? (sum * 200 + given.Count) / (2 * given.Count) : null, []);
    }
}
