using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OwnerPay.Service.Ledger;

namespace OwnerPay.Service.Disclosure.Surveys;

/// <summary>Each question has as many answers as there were participants, and anonymous answers carry no house, person or time.</summary>
public sealed class CheckSurveys : IVerifyCheck
{
    public string Name => "surveys";

    public async IAsyncEnumerable<Finding> Run(VerifyScope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (turns, answers, surveys) = (scope.Db.SurveyTurns, scope.Db.SurveyAnswers, scope.Db.Surveys);
        var counted = scope.Db.SurveyQuestions.AsNoTracking().Where(q => scope.CommunityId == null || q.CommunityId == scope.CommunityId)
            .Select(q => new
            {
                q.Id, q.Number, Done = turns.Count(t => t.SurveyId == q.SurveyId && t.Done), Answers = answers.Count(a => a.QuestionId == q.Id),
            }).Where(q => q.Done != q.Answers);
        await foreach (var q in counted.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"SurveyQuestions/{q.Id:N}", $"第 {q.Number} 题有 {q.Answers} 份回答，应为 {q.Done} 份");
        var named = answers.Where(a => (scope.CommunityId == null || a.CommunityId == scope.CommunityId)
            && (a.HouseId != null || a.PersonId != null || a.At != null) && surveys.Any(s => s.Id == a.SurveyId && s.Anonymous)).Select(a => a.Id);
        await foreach (var id in named.AsAsyncEnumerable().WithCancellation(cancel))
            yield return new Finding(Name, $"SurveyAnswers/{id:N}", "匿名问卷的回答带有房屋、人员或时间");
    }
}
