using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Surveys;

/// <param name="Options">Numbered from 1 in their order.</param>
public sealed record QuestionShown(Guid QuestionId, int Number, QuestionKind Kind, string Text, IReadOnlyList<string> Options, bool Required);

/// <param name="Note">What becomes of the answers, to be shown above the first question.</param>
/// <param name="Answered">This house or person has answered.</param>
/// <param name="Open">It can be answered today.</param>
public sealed record SurveyShown(
    Guid SurveyId, string Title, string Intro, SurveyUnit Unit, bool Anonymous, string Note, DateOnly From, DateOnly To, bool Open, bool Answered,
    IReadOnlyList<QuestionShown> Questions);

public sealed record SurveyList(IReadOnlyList<SurveyShown> Items);

/// <param name="Choices">Options from 1, or one point from 1 to 5.</param>
public sealed record AnswerInput(Guid QuestionId, [property: MaxLength(20)] IReadOnlyList<int>? Choices = null,
    [property: StringLength(SurveyAnswer.LongestText)] string? Text = null);

public sealed record SheetInput([property: Required, MaxLength(20)] IReadOnlyList<AnswerInput> Answers);

public sealed record SheetTaken(Guid SurveyId);

/// <summary>An owner reads the surveys of his community and answers one, once for his house or himself. It asks for opinions and is no vote of the
/// owners in the sense of the law (问卷不是业主大会表决).</summary>
/// <remarks>Of an anonymous survey nothing is kept that leads from an answer to who gave it: no house, person or time beside it, an id of pure
/// chance, and the key of the call is kept without what was answered. Errors: <c>survey_not_found</c> 404; <c>survey_answer_invalid</c> 400;
/// <c>survey_not_open</c>, <c>survey_answered</c> 409.</remarks>
public sealed class AnswerSurvey(OwnerPayDb db, Residents residents, Clock clock)
{
    const int Most = 50, DaysShown = 30;
    static readonly Error Answered = new(409, "survey_answered", "您或您的房屋已填写过这份问卷");
    static readonly Error Invalid = new(400, "survey_answer_invalid", "答案有误");

    public static void Map(Doors doors)
    {
        doors.Owner.MapGet("/houses/{houseId}/surveys", GetList).WithName("listSurveys").ForOwners().CanFail(Member.HouseNotFound);
        doors.Owner.MapPost("/houses/{houseId}/surveys/{surveyId:guid}/answers", Post).WithName("answerSurvey").ForOwners()
            .CanFail(Member.HouseNotFound, IdempotencyKey.Missing, KeepSurveys.NotFound, KeepSurveys.NotOpen, Answered, Invalid);
    }

    static async Task<Ok<SurveyList>> GetList(Member member, AnswerSurvey surveys, CancellationToken cancel) =>
        TypedResults.Ok(new SurveyList(await surveys.List(member, cancel)));

    static async Task<Results<Ok<SheetTaken>, ProblemHttpResult>> Post(
        Guid surveyId, IdempotencyKey key, Member member, SheetInput input, AnswerSurvey surveys, CancellationToken cancel) =>
        (await surveys.Answer(surveyId, input, key, member, cancel)).ToHttp(TypedResults.Ok);

    async Task<IReadOnlyList<SurveyShown>> List(Member member, CancellationToken cancel)
    {
        var (today, turns) = (clock.Today(), db.SurveyTurns);
        if (await residents.BuildingOf(member, cancel) is null) return [];
        var (house, person, since) = (member.HouseId, member.PersonId, today.AddDays(-DaysShown));
        var found = await db.Surveys.AsNoTracking().Where(s => s.CommunityId == member.CommunityId && s.State != SurveyState.Draft && s.To >= since
            && s.From <= today)
            .Select(s => new
            {
                Survey = s, Turn = turns.Where(t => t.SurveyId == s.Id && t.UnitId == (s.Unit == SurveyUnit.House ? house : person))
                .Select(t => (bool?)t.Done).FirstOrDefault()
            })
            .Where(s => s.Turn != null).OrderByDescending(s => s.Survey.CreatedAt).ThenByDescending(s => s.Survey.Id).Take(Most).ToListAsync(cancel);
        var ids = found.Select(s => s.Survey.Id).ToList();
        var questions = (await db.SurveyQuestions.AsNoTracking().Where(q => ids.Contains(q.SurveyId)).OrderBy(q => q.Number).ToListAsync(cancel))
            .ToLookup(q => q.SurveyId);
        return [.. found.Select(s => new SurveyShown(s.Survey.Id, s.Survey.Title, s.Survey.Intro, s.Survey.Unit, s.Survey.Anonymous, Note(s.Survey),
            s.Survey.From, s.Survey.To,
            !s.Survey.IsOver(today), s.Turn == true, [.. questions[s.Survey.Id].Select(q =>
                new QuestionShown(q.Id, q.Number, q.Kind, q.Text, q.OptionList, q.Required))]))];
    }

    static string Note(Survey survey) => (survey.Anonymous
        ? "匿名问卷：系统只记录某户或某人已经填过，答案中不保存房号、姓名和时间，无法对应到您；问卷结束且至少 5 份答卷后才能查看结果。"
        : "实名问卷：答卷与房号、填写人一起保存；文字回答中的电话、房号、姓名等会自动隐去，结果只显示统计。") + "本问卷只征求意见，不是业主大会表决。";

    Task<Result<SheetTaken>> Answer(Guid id, SheetInput input, IdempotencyKey key, Member member, CancellationToken cancel) =>
        // The key remembers that something was answered, never what: its hash together with a few choices would give the answer away.
        db.Once<SheetTaken>(key, new { id, member.HouseId }, async () =>
        {
            var survey = await db.Surveys.AsNoTracking().SingleOrDefaultAsync(s =>
                s.Id == id && s.CommunityId == member.CommunityId && s.State != SurveyState.Draft, cancel);
            var (unit, today) = (survey?.Unit == SurveyUnit.House ? member.HouseId : member.PersonId, clock.Today());
            var turns = db.SurveyTurns;
            if (survey is null || await residents.BuildingOf(member, cancel) is null
                || !await turns.AnyAsync(t => t.SurveyId == id && t.UnitId == unit, cancel))
                return KeepSurveys.NotFound;
            if (survey.From > today || survey.IsOver(today)) return KeepSurveys.NotOpen;
            var questions = await db.SurveyQuestions.AsNoTracking().Where(q => q.SurveyId == id).OrderBy(q => q.Number).ToListAsync(cancel);
            if (Fault(input, questions) is { } fault) return fault;
            // Of two who answer for one house at once the database lets one through.
            if (await turns.Where(t => t.SurveyId == id && t.UnitId == unit && !t.Done)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Done, true), cancel) == 0) return Answered;
            foreach (var question in questions) db.Add(await Row(survey, question, input.Answers.FirstOrDefault(a => a.QuestionId == question.Id),
                member, cancel));
            return new SheetTaken(id);
        }, cancel);

    /// <summary>Every question leaves a row, answered or not, so that none can be taken away unnoticed.</summary>
    async Task<SurveyAnswer> Row(Survey survey, SurveyQuestion question, AnswerInput? given, Member member, CancellationToken cancel) => new()
    {
        Id = ByChance(), CommunityId = survey.CommunityId, SurveyId = survey.Id, QuestionId = question.Id,
        Choices = JsonSerializer.Serialize((given?.Choices ?? []).Distinct().Order(), Json.Options),
        Text = given?.Text?.Trim() is { Length: > 0 } text ? await Masked(survey.CommunityId, text, cancel) : "",
        HouseId = survey.Anonymous ? null : member.HouseId, PersonId = survey.Anonymous ? null : member.PersonId,
        At = survey.Anonymous ? null : clock.Now(),
    };

    /// <summary>An id that says nothing of when it was made (UUID version 4); our usual ones are ordered by time.</summary>
    static Guid ByChance()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        (bytes[6], bytes[8]) = ((byte)(bytes[6] & 0x0F | 0x40), (byte)(bytes[8] & 0x3F | 0x80));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The names of the community's people that stand in the text are looked for by the database.</summary>
    async Task<string> Masked(Guid community, string text, CancellationToken cancel)
    {
        var names = await db.Persons.Where(p => p.CommunityId == community && p.Name != "" && text.Contains(p.Name)).Select(p => p.Name).Distinct()
            .ToListAsync(cancel);
        return FreeText.Masked(text, names);
    }

    static Error? Fault(SheetInput input, IReadOnlyList<SurveyQuestion> questions)
    {
        for (var at = 0; at < input.Answers.Count; at++)
        {
            var answer = input.Answers[at];
            var question = questions.SingleOrDefault(q => q.Id == answer.QuestionId);
            if (question is null || input.Answers.Take(at).Any(other =>
                other.QuestionId == answer.QuestionId)) return Invalid.At($"answers[{at}].questionId", "没有这道题，或同一题答了两次");
            if (Fault(answer, question) is { } fault) return Invalid.At($"answers[{at}]", $"第 {question.Number} 题：{fault}");
        }
        var missing = questions.FirstOrDefault(q => q.Required && !input.Answers.Any(a =>
            a.QuestionId == q.Id && (a.Choices?.Count > 0 || !string.IsNullOrWhiteSpace(a.Text))));
        return missing is null ? null : Invalid.At("answers", $"第 {missing.Number} 题必须回答");
    }

    static string? Fault(AnswerInput answer, SurveyQuestion question)
    {
        var choices = answer.Choices ?? [];
        var top = question.Kind == QuestionKind.Scale ? SurveyQuestion.ScaleTop : question.OptionList.Count;
        return question.Kind switch
        {
            QuestionKind.Text => choices.Count > 0 ? "这是文字题" : null,
            _ when !string.IsNullOrEmpty(answer.Text) => "这道题不填文字",
            _ when choices.Any(choice => choice < 1 || choice > top) => $"选项应在 1 至 {top} 之间",
            QuestionKind.One or QuestionKind.Scale when choices.Distinct().Count() > 1 => "只能选一个",
            _ => null,
        };
    }
}
