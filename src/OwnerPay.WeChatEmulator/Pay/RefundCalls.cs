using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OwnerPay.WeChat.Crypto;
using OwnerPay.WeChat.Pay;
using OwnerPay.WeChatEmulator.State;
using OwnerPay.WeChatEmulator.Trouble;

namespace OwnerPay.WeChatEmulator.Pay;

/// <summary>Applies for refunds, answers for them, and pays an abnormal one out by other means (申请退款、查询退款、异常退款).</summary>
/// <remarks>Accepted is not done: the answer says PROCESSING. The same number with the same order and amounts is answered again; a number with
/// others is 400 <c>INVALID_REQUEST</c>. 150 good and 6 failing applications a second are taken, more are 429.</remarks>
sealed class RefundCalls(Store store, Keys keys, BusinessClock clock, EmulatorOptions options, FaultList faults, RefundSettling settling)
{
    readonly Allowance all = new(150), failing = new(6);

    public async Task<PayAnswer> Apply(PayRequest request)
    {
        if (failing.IsUsedUp || !all.Take()) return PayAnswer.FrequencyLimited;
        var answer = await TryApply(request);
        if (answer.Status is >= 400 and < 500) failing.Take();
        return answer;
    }

    async Task<PayAnswer> TryApply(PayRequest request)
    {
        var (asked, malformed) = RefundApplication.Read(request.Body);
        if (asked is null) return malformed!;
        string Where() => $"REFUND {asked.OutTradeNo ?? asked.TransactionId} {asked.OutRefundNo}";
        if (faults.Strike(FaultKind.UserAccountAbnormal, Where) is not null)
            return PayAnswer.Refuse(403, "USER_ACCOUNT_ABNORMAL", "用户账户状态异常，退款请求失败，请商户自行处理退款");
        var (answer, accepted) = await store.Write<(PayAnswer, PayRefund?)>(async db =>
        {
            if (await db.Refunds.FindAsync(asked.OutRefundNo) is { } known) return (await Again(db, known, asked), null);
            var order = asked.TransactionId is { } id
                ? await db.Orders.SingleOrDefaultAsync(order => order.TransactionId == id)
                : await db.Orders.FindAsync(asked.OutTradeNo);
            if (order is not { State: OrderState.Success }) return (PayAnswer.Refuse(404, "RESOURCE_NOT_EXISTS", "订单不存在"), null);
            if (asked.OutTradeNo is { } number && number != order.OutTradeNo)
                return (PayAnswer.Refuse(400, "INVALID_REQUEST", "微信支付订单号与商户订单号不匹配"), null);
            var earlier = await db.Refunds.Where(refund => refund.OutTradeNo == order.OutTradeNo).OrderBy(refund => refund.CreatedAt).ToListAsync();
            if (RefundRules.Refusal(order, earlier, asked, clock.Now(), options.RefundSpacing) is { } refusal) return (refusal, null);
            var refund = await New(db, order, earlier, asked, request.PublicKeyMode);
            if (await MerchantAccount.Balance(db) + refund.FeeBackFen < refund.SettlementRefundFen
                || faults.Strike(FaultKind.NotEnough, Where) is not null)
                return (PayAnswer.Refuse(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起"), null);
            settling.Plan(refund, Where);
            db.Add(refund);
            MerchantAccount.Refunded(db, refund, keys.Mchid);
            order.RefundedParts++;
            return (PayAnswer.Ok(RefundRules.Answer(refund, order), PayJson.Types.Refund), refund);
        });
        if (accepted is not null) settling.Wait(accepted);
        return answer;
    }

    static async Task<PayAnswer> Again(EmulatorDb db, PayRefund known, RefundApplication asked) =>
        (asked.TransactionId ?? known.TransactionId) == known.TransactionId && (asked.OutTradeNo ?? known.OutTradeNo) == known.OutTradeNo
        && asked.RefundFen == known.RefundFen && asked.TotalFen == known.TotalFen
            ? PayAnswer.Ok(RefundRules.Answer(known, (await db.Orders.FindAsync(known.OutTradeNo))!), PayJson.Types.Refund)
            : PayAnswer.Refuse(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试");

    async Task<PayRefund> New(EmulatorDb db, PayOrder order, List<PayRefund> earlier, RefundApplication asked, bool publicKeyMode)
    {
        var now = clock.Now();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        var before = RefundRules.Before(earlier);
        long Share(long whole, bool roundUp = false) => RefundRules.Share(whole, before, asked.RefundFen, order.PaidTotalFen, roundUp);
        var number = await db.Refunds.LongCountAsync() + 1;
        return new()
        {
            OutRefundNo = asked.OutRefundNo,
            RefundId = string.Create(CultureInfo.InvariantCulture, $"5030{keys.Mchid[^6..]}{now:yyyyMMdd}{number:D11}"),
            OutTradeNo = order.OutTradeNo,
            TransactionId = order.TransactionId!,
            Openid = order.PayerOpenid!,
            Reason = asked.Reason,
            NotifyUrl = asked.NotifyUrl ?? (await db.Settings.FindAsync(SettingNames.RefundNotifyUrl))?.Value,
            PublicKeyMode = publicKeyMode,
            RefundFen = asked.RefundFen,
            TotalFen = asked.TotalFen,
            PayerRefundFen = Share(order.PayerTotalFen),
            SettlementRefundFen = asked.RefundFen - (order.CouponType == PromotionDetail.NoCash ? asked.RefundFen - Share(order.PayerTotalFen) : 0),
            FeeBackFen = Share(order.FeeFen, roundUp: true),
            From = asked.From,
            CreatedAt = now,
            CreatedOn = DateOnly.FromDateTime(now.DateTime),
            ReceivedAccount = RefundRules.ReceivedAccount(order.BankType!),
        };
    }

    public async Task<PayAnswer> Query(PayRequest request)
    {
        var number = request.Route("outRefundNo");
        return await store.Read(async db =>
        {
            var refund = await db.Refunds.SingleOrDefaultAsync(refund => refund.OutRefundNo == number);
            if (refund is null) return PayAnswer.Refuse(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
            var order = await db.Orders.SingleAsync(order => order.OutTradeNo == refund.OutTradeNo);
            return PayAnswer.Ok(RefundRules.Answer(refund, order), PayJson.Types.Refund);
        });
    }

    /// <summary><c>POST …/refunds/{refund_id}/apply-abnormal-refund</c>: to another card of the payer, or to the merchant's own.</summary>
    public async Task<PayAnswer> ApplyAbnormal(PayRequest request)
    {
        if (Json.TryObject(request.Body) is not { } body) return PayAnswer.Refuse(400, "PARAM_ERROR", "请求体不是合法的JSON对象");
        var fields = Fields.Of(body);
        var number = fields.Text("out_refund_no", 64, required: true);
        var type = fields.Text("type", 32, required: true);
        if (type is not (null or "USER_BANK_CARD" or "MERCHANT_BANK_CARD")) fields.Refuse("type", "只能是USER_BANK_CARD或MERCHANT_BANK_CARD");
        var user = type == "USER_BANK_CARD";
        fields.Text("bank_type", 16, required: user);
        var sealedFields = new[] { fields.Text("bank_account", 1024, required: user), fields.Text("real_name", 1024, required: user) };
        if (fields.Refusal is { } refusal) return refusal;
        if (sealedFields.Any(field => field is not null) && !Opens(request, sealedFields)) return
            PayAnswer.Refuse(400, "PARAM_ERROR", "敏感信息解密失败，请检查加密使用的证书或公钥与Wechatpay-Serial是否一致");
        var refundId = request.Route("refundId");
        var (answer, again) = await store.Write<(PayAnswer, PayRefund?)>(async db =>
        {
            var refund = await db.Refunds.SingleOrDefaultAsync(refund => refund.RefundId == refundId);
            if (refund is null || refund.OutRefundNo != number) return (PayAnswer.Refuse(404, "RESOURCE_NOT_EXISTS", "退款单不存在"), null);
            if (refund.Status != RefundStatus.Abnormal) return (PayAnswer.Refuse(400, "INVALID_REQUEST", "退款单状态不是退款异常"), null);
            refund.Status = RefundStatus.Processing;
            refund.FinalAt = null;
            refund.Channel = "OTHER_BANKCARD";
            settling.Plan(refund, () => $"REFUND {refund.OutTradeNo} {refund.OutRefundNo}");
            var order = (await db.Orders.FindAsync(refund.OutTradeNo))!;
            return (PayAnswer.Ok(RefundRules.Answer(refund, order), PayJson.Types.Refund), refund);
        });
        if (again is not null) settling.Wait(again);
        return answer;
    }

    /// <summary>Encrypted fields need the header that names the key they were encrypted for.</summary>
    bool Opens(PayRequest request, string?[] ciphertexts)
    {
        var serial = request.Http.Request.Headers[SignatureHeaders.SerialName].ToString();
        var key = serial == keys.PublicKeyId ? keys.PublicKey : keys.Platform.FirstOrDefault(platform => platform.Serial == serial)?.Private;
        return key is not null && ciphertexts.All(text => text is null || key.DecryptField(text) is { Length: > 0 });
    }
}
