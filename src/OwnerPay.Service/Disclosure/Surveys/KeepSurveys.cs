using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Surveys;

/// <param name="Options">2 to 20 for <c>one</c> and <c>several</c>; none for the others.</param>
public sealed record QuestionInput(
    QuestionKind Kind, [property: Required, StringLength(120, MinimumLength = 2)] string Text,
        [property: MaxLength(20)] IReadOnlyList<string>? Options = null,
    bool Required = true);

/// <param name="Unit">Who answers once: each house, or each person.</param>
/// <param name="From">First Shanghai day; absent: today.</param>
/// <param name="To">Last Shanghai day, at most 92 days on.</param>
public sealed record SurveyInput(
    [property: Required, StringLength(60, MinimumLength = 2)] string Title, [property: StringLength(1000)] string Intro,
    [property: Required, MinLength(1), MaxLength(20)] IReadOnlyList<QuestionInput> Questions, DateOnly To, DateOnly? From = null,
    SurveyUnit Unit = SurveyUnit.House, bool Anonymous = false, Audience Audience = Audience.Community,
        [property: MaxLength(40)] string? BuildingCode = null);

/// <param name="Invited">Houses or persons that may answer; 0 for a draft.</param>
public sealed record SurveyWritten(Guid SurveyId, SurveyState State, int Invited);

/// <summary>Staff write a survey, open it and close it before its time. A survey asks for opinions (问卷不是业主大会表决): what owners decide together by law
/// (Civil Code art. 278) needs notice, ballots by area and heads, and proof of who voted, none of which this is; results must not be published as a
/// resolution.</summary>
/// <remarks>Who may answer is fixed when it is published. Errors: <c>survey_not_found</c> 404; <c>survey_question_invalid</c>,
/// <c>survey_window_invalid</c> and those of the audience 400; <c>survey_not_draft</c>, <c>survey_not_open</c> 409; <c>unlawful_measure</c>
/// 422.</remarks>
public sealed class KeepSurveys(OwnerPayDb db, Residents residents, CheckPublicText check, Audit audit, Clock clock)
{
    const int MostDays = 92, Batch = 500;
    public static readonly Error NotFound = new(404, "survey_not_found", "没有找到该问卷");
    public static readonly Error NotOpen = new(409, "survey_not_open", "该问卷尚未开始、已结束或已关闭");
    static readonly Error NotDraft = new(409, "survey_not_draft", "该问卷已发布，不能再改");
    static readonly Error WindowInvalid = new(400, "survey_window_invalid", "填写期限有误") { Field = "to", Detail = "截止日不早于开始日和今天，最长 92 天" };
    static readonly Error QuestionInvalid = new(400, "survey_question_invalid", "题目有误");
    static readonly Error OneHouse = Residents.Incomplete with { Detail = "问卷面向全小区或一个楼栋" };
    static readonly StaffRole[] Writers = [StaffRole.Clerk, StaffRole.Manager];
    static readonly Error[] Faults = [WindowInvalid, QuestionInvalid, CheckPublicText.Unlawful, Residents.BuildingUnknown, Residents.Incomplete];

    public static void Map(Doors doors)
    {
        const string surveys = "/communities/{communityId:guid}/surveys", one = surveys + "/{surveyId:guid}";
        doors.Staff.MapPost(surveys, Post).WithName("draftSurvey").ForStaff(Writers).CanFail(Faults);
        doors.Staff.MapPut(one, Put).WithName("changeSurveyDraft").ForStaff(Writers).CanFail([.. Faults, NotFound, NotDraft]);
        doors.Staff.MapPost(one + "/publish", PostPublish).WithName("publishSurvey").ForStaff(Writers).CanFail(WindowInvalid, NotFound, NotDraft);
        doors.Staff.MapPost(one + "/close", PostClose).WithName("closeSurvey").ForStaff(Writers).CanFail(NotFound, NotOpen);
    }

    static async Task<Results<Created<SurveyWritten>, ProblemHttpResult>> Post(IdempotencyKey key, StaffMember by, SurveyInput input,
        KeepSurveys keep, CancellationToken cancel) =>
        (await keep.db.Once(key, input, () => keep.Draft(null, input, by, cancel), cancel))
            .ToHttp(done => TypedResults.Created($"/api/staff/v1/communities/{by.CommunityId}/surveys/{done.SurveyId}", done));

    static async Task<Results<Ok<SurveyWritten>, ProblemHttpResult>> Put(
        Guid surveyId, IdempotencyKey key, StaffMember by, SurveyInput input, KeepSurveys keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { surveyId, input }, () => keep.Draft(surveyId, input, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<SurveyWritten>, ProblemHttpResult>> PostPublish(
        Guid surveyId, IdempotencyKey key, StaffMember by, KeepSurveys keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { surveyId }, () => keep.Publish(surveyId, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    static async Task<Results<Ok<SurveyWritten>, ProblemHttpResult>> PostClose(
        Guid surveyId, IdempotencyKey key, StaffMember by, KeepSurveys keep, CancellationToken cancel) =>
        (await keep.db.Once(key, new { surveyId }, () => keep.Close(surveyId, by, cancel), cancel)).ToHttp(TypedResults.Ok);

    readonly OwnerPayDb db = db;

    async Task<Result<SurveyWritten>> Draft(Guid? id, SurveyInput input, StaffMember by, CancellationToken cancel)
    {
        var survey = id is null
            ? new Survey { Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, State = SurveyState.Draft, CreatedAt = clock.Now() }
            : await Locked(id.Value, by, cancel);
        if (survey is null) return NotFound;
        if (survey.State != SurveyState.Draft) return NotDraft;
        if (input.Audience == Audience.House) return OneHouse;
        var scope = await residents.Find(by.CommunityId, input.Audience, input.BuildingCode, null, cancel);
        if (scope.Refusal is { } unknown) return unknown;
        (survey.Title, survey.Intro, survey.Audience, survey.BuildingId) =
            (input.Title.Trim(), input.Intro.Trim(), input.Audience, scope.Value.BuildingId);
        (survey.Unit, survey.Anonymous, survey.From, survey.To) = (input.Unit, input.Anonymous, input.From ?? clock.Today(), input.To);
        if (WindowOf(survey) is { } window) return window;
        for (var at = 0; at < input.Questions.Count; at++)
            if (Fault(input.Questions[at]) is { } fault) return QuestionInvalid.At($"questions[{at}]", fault);
        var said = string.Join('\n', input.Questions.SelectMany(q => (q.Options ?? []).Prepend(q.Text)).Prepend(survey.Intro).Prepend(survey.Title));
        if (await check.Run(by.CommunityId, said, "questions", cancel) is { } refusal) return refusal;
        if (id is null) db.Add(survey);
        else await db.SurveyQuestions.Where(q => q.SurveyId == survey.Id).ExecuteDeleteAsync(cancel);
        db.AddRange(input.Questions.Select((q, at) => new SurveyQuestion
        {
            Id = Guid.CreateVersion7(), CommunityId = by.CommunityId, SurveyId = survey.Id, Number = at + 1, Kind = q.Kind, Text = q.Text.Trim(),
            Required = q.Required,
            Options = JsonSerializer.Serialize((q.Options ?? []).Select(option => option.Trim()), Json.Options),
        }));
        audit.Add(by, id is null ? "survey.drafted" : "survey.changed", survey.Id,
            new { survey.Title, questions = input.Questions.Count, survey.Anonymous });
        return new SurveyWritten(survey.Id, survey.State, 0);
    }

    Error? WindowOf(Survey survey) =>
        survey.To < survey.From || survey.To < clock.Today() || survey.To.DayNumber - survey.From.DayNumber > MostDays ? WindowInvalid : null;

    static string? Fault(QuestionInput question)
    {
        var options = question.Options ?? [];
        if (question.Kind is not (QuestionKind.One or QuestionKind.Several)) return options.Count > 0 ? "打分题和文字题没有选项" : null;
        if (options.Count < 2) return "选择题至少要有两个选项";
        if (options.Any(option => option.Trim().Length is 0 or > 60)) return "每个选项 1 至 60 个字";
        return options.Select(option => option.Trim()).Distinct().Count() < options.Count ? "选项重复" : null;
    }

    async Task<Result<SurveyWritten>> Publish(Guid id, StaffMember by, CancellationToken cancel)
    {
        if (await Locked(id, by, cancel) is not { } survey) return NotFound;
        if (survey.State != SurveyState.Draft) return NotDraft;
        if (WindowOf(survey) is { } window) return window;
        var tenures = residents.Of(survey.Scope);
        var units = await (survey.Unit == SurveyUnit.House ? tenures.Select(t => t.HouseId) : tenures.Select(t => t.PersonId)).Distinct()
            .OrderBy(unit => unit).ToListAsync(cancel);
        foreach (var some in units.Chunk(Batch))
            await db.InsertUnlessThere([.. some.Select(unit => new SurveyTurn { SurveyId = id, UnitId = unit, CommunityId = by.CommunityId })],
                cancel);
        survey.State = SurveyState.Published;
        audit.Add(by, "survey.published", id, new { survey.Title, invited = units.Count });
        return new SurveyWritten(id, survey.State, units.Count);
    }

    async Task<Result<SurveyWritten>> Close(Guid id, StaffMember by, CancellationToken cancel)
    {
        if (await Locked(id, by, cancel) is not { } survey) return NotFound;
        if (survey.State != SurveyState.Published || survey.IsOver(clock.Today())) return NotOpen;
        survey.State = SurveyState.Closed;
        audit.Add(by, "survey.closed", id, new { survey.Title });
        return new SurveyWritten(id, survey.State, await db.SurveyTurns.CountAsync(t => t.SurveyId == id, cancel));
    }

    Task<Survey?> Locked(Guid id, StaffMember by, CancellationToken cancel) =>
        db.Surveys.Where(s => s.Id == id && s.CommunityId == by.CommunityId).ForUpdate().SingleOrDefaultAsync(cancel);
}
