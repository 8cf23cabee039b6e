using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using OwnerPay.WeChat.Crypto;

namespace OwnerPay.WeChat.Pay;

/// <summary>Proof that an order is closed.</summary>
public sealed record OrderClosed(string OutTradeNo);

/// <summary>WeChat Pay API v3 for ordinary merchants. Every answer is verified before it is believed; failures are values.</summary>
/// <remarks>Reads are repeated by themselves after broken connections, time-outs, 429, 5xx and a wrong signature (a probe);
/// orders, closings and refunds are sent once, and the failure says how to go on.</remarks>
public sealed partial class PayClient
{
    readonly PayTransport transport;
    readonly PlatformCertificates certificates;
    readonly IMerchantCredentialsSource? merchants;
    readonly ILogger log;

    /// <summary>How far WeChat's clock is from ours, by the latest answer; null before the first. A diagnosis: nothing is signed or believed by
    /// it.</summary>
    public ClockSkew? ClockSkew => transport.Skew.Latest;

    internal PayClient(PayTransport transport, PlatformCertificates certificates, ILogger<PayClient> log, IMerchantCredentialsSource? merchants) =>
        (this.transport, this.certificates, this.log, this.merchants) = (transport, certificates, log, merchants);

    /// <summary>Places a JSAPI order.</summary>
    public Task<PayResult<JsapiOrderAnswer>> CreateAsync(Merchant merchant, JsapiOrderRequest order, CancellationToken cancel = default) =>
        CreateAsync(merchant, order.ToBytes(), cancel);

    /// <summary>Places, or places again, a JSAPI order from its stored bytes: the same bytes bring a fresh prepay id for the same order.</summary>
    /// <param name="order">From <see cref="JsapiOrderRequest.ToBytes"/>, stored before the first call.</param>
    public Task<PayResult<JsapiOrderAnswer>> CreateAsync(Merchant merchant, ReadOnlyMemory<byte> order, CancellationToken cancel = default) =>
        CallAsync(PayCall.Order, merchant, HttpMethod.Post, _ => "/v3/pay/transactions/jsapi", _ => order,
            Reader(PayJson.Types.JsapiOrderAnswer), cancel);

    /// <summary>Places an order that is paid by scanning a code.</summary>
    public Task<PayResult<NativeOrderAnswer>> CreateNativeAsync(Merchant merchant, NativeOrderRequest order, CancellationToken cancel = default) =>
        CreateNativeAsync(merchant, order.ToBytes(), cancel);

    /// <summary>Places, or places again, a native order from its stored bytes: the same bytes bring a fresh code for the same order.</summary>
    /// <param name="order">From <see cref="NativeOrderRequest.ToBytes"/>, stored before the first call.</param>
    public Task<PayResult<NativeOrderAnswer>> CreateNativeAsync(Merchant merchant, ReadOnlyMemory<byte> order, CancellationToken cancel = default) =>
        CallAsync(PayCall.Order, merchant, HttpMethod.Post, _ => "/v3/pay/transactions/native", _ => order,
            Reader(PayJson.Types.NativeOrderAnswer), cancel);

    /// <summary>Asks for an order by our number.</summary>
    /// <remarks><see cref="PayCodes.OrderNotExist"/> soon after an order call is no proof that it never arrived.</remarks>
    public Task<PayResult<Transaction>> QueryByOutTradeNoAsync(Merchant merchant, string outTradeNo, CancellationToken cancel = default) =>
        Number().IsMatch(outTradeNo)
            ? CallAsync(PayCall.Query, merchant, HttpMethod.Get,
                m => $"/v3/pay/transactions/out-trade-no/{outTradeNo}?mchid={m.Mchid}", Nothing, Reader(PayJson.Types.Transaction), cancel)
            : Task.FromResult<PayResult<Transaction>>(NotANumber);

    /// <summary>Asks for a paid order by WeChat's number.</summary>
    public Task<PayResult<Transaction>> QueryByTransactionIdAsync(Merchant merchant, string transactionId, CancellationToken cancel = default) =>
        Number().IsMatch(transactionId)
            ? CallAsync(PayCall.Query, merchant, HttpMethod.Get,
                m => $"/v3/pay/transactions/id/{transactionId}?mchid={m.Mchid}", Nothing, Reader(PayJson.Types.Transaction), cancel)
            : Task.FromResult<PayResult<Transaction>>(NotANumber);

    /// <summary>Closes an unpaid order. Closing a closed one again succeeds. Ask first: a payment may have won the race.</summary>
    public Task<PayResult<OrderClosed>> CloseAsync(Merchant merchant, string outTradeNo, CancellationToken cancel = default) =>
        Number().IsMatch(outTradeNo)
            ? CallAsync(PayCall.Close, merchant, HttpMethod.Post, _ => $"/v3/pay/transactions/out-trade-no/{outTradeNo}/close",
                m => WireJson.Bytes(new CloseOrderRequest { Mchid = m.Mchid }, PayJson.Types.CloseOrderRequest),
                _ => new OrderClosed(outTradeNo), cancel)
            : Task.FromResult<PayResult<OrderClosed>>(NotANumber);

    /// <summary>Applies for a refund. Success means accepted; how it ends is told by <see cref="QueryRefundAsync"/> and a notification.</summary>
    public Task<PayResult<Refund>> RefundAsync(Merchant merchant, RefundRequest refund, CancellationToken cancel = default) =>
        RefundNumber().IsMatch(refund.OutRefundNo)
            ? RefundAsync(merchant, refund.ToBytes(), cancel)
            : Task.FromResult<PayResult<Refund>>(NotANumber);

    /// <summary>Applies, or applies again, for a refund from its stored bytes. Whatever failed: the same bytes never pay back twice, a new number
    /// may.</summary>
    /// <param name="refund">From <see cref="RefundRequest.ToBytes"/>, stored before the first call.</param>
    public Task<PayResult<Refund>> RefundAsync(Merchant merchant, ReadOnlyMemory<byte> refund, CancellationToken cancel = default) =>
        CallAsync(PayCall.Refund, merchant, HttpMethod.Post, _ => "/v3/refund/domestic/refunds", _ => refund, Reader(PayJson.Types.Refund), cancel);

    /// <summary>Asks for a refund by our number.</summary>
    /// <remarks><see cref="PayCodes.ResourceNotExists"/> after an application without an answer: apply again with the same bytes.</remarks>
    public Task<PayResult<Refund>> QueryRefundAsync(Merchant merchant, string outRefundNo, CancellationToken cancel = default) =>
        RefundNumber().IsMatch(outRefundNo)
            ? CallAsync(PayCall.RefundQuery, merchant, HttpMethod.Get, _ => $"/v3/refund/domestic/refunds/{outRefundNo}", Nothing,
                Reader(PayJson.Types.Refund), cancel)
            : Task.FromResult<PayResult<Refund>>(NotANumber);

    /// <summary>Asks WeChat whether it takes this merchant's number, serial and private key, by a question that changes nothing. For the start,
    /// once.</summary>
    /// <returns>Null when it does, or when it gave no answer to judge by, which says nothing about the keys.</returns>
    public async Task<MerchantFault?> ProbeAsync(Merchant merchant, CancellationToken cancel = default)
    {
        var found = await FindAsync(merchant, cancel);
        // A number that was never ordered: to be told so takes a right signature.
        var asked = await QueryByOutTradeNoAsync(merchant, RequestSigning.NewNonce(), cancel);
        if (asked.Failure is not { } refusal) return null;
        var fault = MerchantProbe.Judge(merchant.Mchid, refusal, ClockSkew);
        if (fault is not null || found is not { PlatformCertificates: true }) return fault;
        return MerchantProbe.JudgeCertificates(merchant.Mchid, (await certificates.FetchAsync(found, cancel)).Failure);
    }

    /// <summary>Fetches WeChat's platform certificates now, decrypted and verified. Verification does so by itself when needed.</summary>
    public async Task<PayResult<IReadOnlyList<PlatformCertificate>>> CertificatesAsync(Merchant merchant, CancellationToken cancel = default) =>
        await FindAsync(merchant, cancel) is { } found ? await certificates.FetchAsync(found, cancel) : Unknown(PayCall.Certificates, merchant);

    /// <summary>Applies for the trade bill of one Beijing day, ready from 10:00 of the next day, for 3 months.</summary>
    /// <returns>Where to download it; <see cref="BillTicket.IsEmpty"/> when nothing happened on that day.
    /// <see cref="PayCodes.StatementCreating"/> means again in half an hour.</returns>
    public Task<PayResult<BillTicket>> ApplyTradeBillAsync(
        Merchant merchant, DateOnly day, TradeBillKind kind = TradeBillKind.All, CancellationToken cancel = default) =>
        ApplyAsync(merchant, $"/v3/bill/tradebill?bill_date={Iso(day)}&bill_type={Word(kind)}&tar_type=GZIP", cancel);

    /// <summary>Applies for the fund-flow bill of one Beijing day: every movement of the merchant's balance. At most 3 calls a second.</summary>
    public Task<PayResult<BillTicket>> ApplyFundFlowBillAsync(
        Merchant merchant, DateOnly day, FundFlowAccount account = FundFlowAccount.Basic, CancellationToken cancel = default) =>
        ApplyAsync(merchant, $"/v3/bill/fundflowbill?bill_date={Iso(day)}&account_type={Word(account)}&tar_type=GZIP", cancel);

    /// <summary>Downloads an applied bill, unpacks it into <paramref name="destination"/> and compares its hash.</summary>
    /// <param name="destination">Receives the plain file; worthless unless the call succeeds.</param>
    public async Task<PayResult<BillFile>> DownloadBillAsync(
        Merchant merchant, BillTicket ticket, Stream destination, CancellationToken cancel = default)
    {
        if (ticket.IsEmpty) return new BillFile(0, "");
        if (await FindAsync(merchant, cancel) is not { } found) return Unknown(PayCall.BillDownload, merchant);
        var result = await BillDownload.RunAsync(transport, found, ticket, destination, cancel);
        return result.IsSuccess ? result : Logged(PayCall.BillDownload, found.Mchid, result.Failure);
    }

    async Task<PayResult<BillTicket>> ApplyAsync(Merchant merchant, string path, CancellationToken cancel)
    {
        var result = await CallAsync(PayCall.BillApplication, merchant, HttpMethod.Get, _ => path, Nothing, body =>
            WireJson.TryRead(body, PayJson.Types.BillAnswer) is { } answer && Uri.TryCreate(answer.DownloadUrl, UriKind.Absolute, out var url)
                ? new BillTicket(url, answer.HashValue) : null, cancel);
        return result.Failure?.Code == PayCodes.NoStatementExist ? BillTicket.Empty : result;
    }

    async Task<PayResult<T>> CallAsync<T>(PayCall call, Merchant merchant, HttpMethod method, Func<MerchantCredentials, string> path,
        Func<MerchantCredentials, ReadOnlyMemory<byte>> body, Func<byte[], T?> read, CancellationToken cancel) where T : class
    {
        if (await FindAsync(merchant, cancel) is not { } found) return Unknown(call, merchant);
        for (var again = method == HttpMethod.Get; ; again = false)
        {
            var (answer, failure) = await transport.SendAsync(call, found, method, path(found), body(found), cancel);
            if (answer is null) return Logged(call, found.Mchid, failure!);
            var verification = await certificates.VerifyAsync(found, answer.Signature, answer.Body, cancel);
            if (!answer.IsSuccess) return Logged(call, found.Mchid, ErrorAnswer(call, answer, verification));
            if (verification == Verification.Accepted)
                return read(answer.Body) is { } value ? value : Logged(call, found.Mchid, new PayFailure(
                    answer.Status, PayCodes.Unreadable, "The answer is genuine but not what was expected.", answer.RequestId,
                    PayErrors.AfterSilence(call), OutcomeUnknown: true));
            // Perhaps one of WeChat's probes, which are answered by asking again; the repeated call is not probed.
            if (again)
            {
                log.AskedAgain(call, found.Mchid, verification, answer.Signature.Serial);
                continue;
            }
            return Logged(call, found.Mchid, new PayFailure(answer.Status, PayCodes.BadSignature, $"Signature of the answer: {verification}.",
                answer.RequestId, PayErrors.AfterSilence(call), OutcomeUnknown: true));
        }
    }

    /// <summary>Reads an answer that is not 2xx. Unsigned ones keep their code but prove nothing.</summary>
    internal static PayFailure ErrorAnswer(PayCall call, RawAnswer answer, Verification verification)
    {
        var error = WireJson.TryRead(answer.Body, PayJson.Types.PayErrorAnswer);
        var code = error?.Code is { Length: > 0 } given ? PayCodes.Normalise(given) : $"HTTP_{answer.Status}";
        var message = error?.Message ?? "";
        return new PayFailure(answer.Status, code, message, answer.RequestId, PayErrors.Remedy(call, answer.Status, code, message),
            OutcomeUnknown: verification != Verification.Accepted || answer.Status >= 500);
    }

    internal async ValueTask<MerchantCredentials?> FindAsync(Merchant merchant, CancellationToken cancel) =>
        merchant.Credentials ?? (merchants is null ? null : await merchants.FindAsync(merchant.Mchid, cancel));

    PayFailure Unknown(PayCall call, Merchant merchant) => Logged(call, merchant.Mchid, new PayFailure(
        null, PayCodes.UnknownMerchant, "No credentials are known for this merchant.", null, Remedy.AskStaff, OutcomeUnknown: false));

    PayFailure Logged(PayCall call, string mchid, PayFailure failure)
    {
        if (failure.Code != PayCodes.NoStatementExist)
            log.Failed(call, mchid, failure.HttpStatus, failure.Code, failure.RequestId, failure.Remedy, failure.OutcomeUnknown);
        return failure;
    }

    static PayFailure NotANumber =>
        new(null, PayCodes.ParamError, "Not an order number; nothing was sent.", null, Remedy.GiveUp, OutcomeUnknown: false);

    static ReadOnlyMemory<byte> Nothing(MerchantCredentials _) => default;

    static Func<byte[], T?> Reader<T>(JsonTypeInfo<T> type) where T : class => body => WireJson.TryRead(body, type);

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Word(TradeBillKind kind) => kind switch
    {
        TradeBillKind.All => "ALL",
        TradeBillKind.Success => "SUCCESS",
        TradeBillKind.Refund => "REFUND",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    static string Word(FundFlowAccount account) => account switch
    {
        FundFlowAccount.Basic => "BASIC",
        FundFlowAccount.Operation => "OPERATION",
        FundFlowAccount.Fees => "FEES",
        _ => throw new ArgumentOutOfRangeException(nameof(account), account, null),
    };

    // The bar that newer pages allow too is left out: some stacks encode it in a path, which breaks the signature.
    [GeneratedRegex(@"\A[0-9A-Za-z_\-*]{1,32}\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[0-9A-Za-z_\-*@]{1,64}\z")]
    private static partial Regex RefundNumber();
}
