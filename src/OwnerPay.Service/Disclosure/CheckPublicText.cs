using Microsoft.EntityFrameworkCore;
using OwnerPay.Domain.Disclosure;
using OwnerPay.Service.Billing;
using OwnerPay.Service.Owners;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Platform.Printing;
using OwnerPay.Service.Roster;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure;

/// <summary>The publication check: nothing is put on a board or a poster that tells who is in debt, whoever wrote it and for whomever it is
/// meant.</summary>
/// <remarks>Errors: <c>unlawful_measure</c> 422 with what was found and the lawful alternative. Attachments are pictures and files that no check
/// reads: notices about payment are therefore looked at by a second person.</remarks>
public sealed class CheckPublicText(OwnerPayDb db, Clock clock)
{
    public static readonly Error Unlawful = new(422, "unlawful_measure", "不能公开业主的欠费情况");

    /// <returns>Null when it may be published, as debts stand now.</returns>
    /// <param name="field">Which field of the request holds the text.</param>
    public async Task<Error?> Run(Guid community, string text, string field, CancellationToken cancel)
    {
        if (DebtExposure.DebtWord(text) is null) return null;
        var codes = HouseMentions.In(text).Count == 0 ? [] : await db.Houses.Where(h => h.CommunityId == community).Select(h => h.Code)
            .ToListAsync(cancel);
        if (DebtExposure.Find(text, await Debtors(community, text, cancel), codes) is not { } exposed) return null;
        var what = exposed.By == ExposedBy.Name ? "欠费业主的姓名" : "房号";
        return Unlawful.At(field,
                $"文中提到“{exposed.DebtWord}”，又写出了{what}“{exposed.Found}”。公开欠费业主的姓名或房号侵犯个人信息和名誉（个人信息保护法第二十五条、民法典第一千零二十四条）。"
                + "可以改为插入“缴费进度”：按楼栋公布户数和比例，不足 10 户的楼栋合并统计；对个别业主请用缴费提醒或交费通知单。")
            .With("found", exposed.Found).With("alternative", "progress");
    }

    /// <summary>Names that stand in the text, of persons who belong to a party with arrears today. The database looks for them: an estate has tens of
    /// thousands of names, a text a few.</summary>
    async Task<List<string>> Debtors(Guid community, string text, CancellationToken cancel)
    {
        var (today, tight) = (clock.Today(), string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
        var named = await db.Persons.AsNoTracking().Where(p => p.CommunityId == community && p.Name != ""
                && (tight.Contains(p.Name) || text.Contains(p.Name)))
            .Select(p => new { p.Id, p.Name }).ToListAsync(cancel);
        if (named.Count == 0) return [];
        var ids = named.Select(p => p.Id).ToList();
        var tenures = await db.Tenures.AsNoTracking().Where(t => ids.Contains(t.PersonId)).ToListAsync(cancel);
        var houses = tenures.Select(t => t.HouseId).Distinct().ToList();
        var bills = db.Bills;
        var owing = await db.LiableParties.AsNoTracking().Where(party => houses.Contains(party.HouseId)
                && bills.Any(b => b.HouseId == party.HouseId && b.PartyId == party.Id && b.State == BillState.Open && b.OpenFen > 0
                    && b.DueOn < today))
            .ToListAsync(cancel);
        var debtors = tenures.Where(t => owing.Any(party => party.HouseId == t.HouseId && Members.IsMember(t, party))).Select(t => t.PersonId)
            .ToHashSet();
        return [.. named.Where(p => debtors.Contains(p.Id)).Select(p => p.Name).Distinct()];
    }

    /// <summary>Title and body of something that is to be published, as people read them.</summary>
    public static string Text(string title, IEnumerable<TextBlock> blocks) => title + "\n" + NoticeMarkup.Plain(blocks);
}
