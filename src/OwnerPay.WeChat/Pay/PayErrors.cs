namespace OwnerPay.WeChat.Pay;

/// <summary>The calls of this library, where an error's remedy depends on which one it was.</summary>
public enum PayCall { Order, Query, Close, Refund, RefundQuery, Certificates, BillApplication, BillDownload }

/// <summary>What to do after each error of WeChat Pay, by its published tables and by what was seen of it.</summary>
public static class PayErrors
{
    /// <param name="code">Normalised.</param>
    /// <param name="message">WeChat's text: some refusals are told apart only by it.</param>
    public static Remedy Remedy(PayCall call, int status, string code, string message) => code switch
    {
        PayCodes.ParamError or PayCodes.InvalidRequest => AgainstARule(call, code, message),
        PayCodes.OrderClosed => call == PayCall.Order ? Pay.Remedy.NewNumber : Pay.Remedy.Query,
        PayCodes.OrderPaid or PayCodes.OutTradeNoUsed or PayCodes.TradeError => Pay.Remedy.Query,
        PayCodes.OrderNotExist => call == PayCall.Refund ? Pay.Remedy.Query : Pay.Remedy.AskAgain,
        PayCodes.ResourceNotExists => NotThere(call),
        PayCodes.StatementCreating or PayCodes.NotEnough => Pay.Remedy.RetryLater,
        PayCodes.RuleLimit or PayCodes.FrequencyLimited => Pay.Remedy.Retry,
        PayCodes.AppidMchidNotMatch or PayCodes.MchNotExists or PayCodes.SignError or PayCodes.OpenidMismatch => Pay.Remedy.AskStaff,
        // A bill's address belongs to the merchant who applied for it; a new application mends a mix-up.
        PayCodes.NoAuth => call == PayCall.BillDownload ? Pay.Remedy.Retry : Pay.Remedy.AskStaff,
        PayCodes.UserAccountAbnormal or PayCodes.AccountError or PayCodes.InvalidTransactionId or PayCodes.NoStatementExist => Pay.Remedy.GiveUp,
        PayCodes.SystemError => AfterSilence(call),
        PayCodes.BankError => call is PayCall.Order or PayCall.Close ? Pay.Remedy.Query : AfterSilence(call),
        _ => status switch
        {
            429 => Pay.Remedy.Retry,
            >= 500 or 408 => AfterSilence(call),
            401 or 403 => Pay.Remedy.AskStaff,
            _ => Pay.Remedy.GiveUp,
        },
    };

    /// <summary>What to do when WeChat may or may not have acted: reads are repeated, orders and refunds keep number and bytes, closing asks
    /// first.</summary>
    public static Remedy AfterSilence(PayCall call) => call switch
    {
        PayCall.Order or PayCall.Refund => Pay.Remedy.SameNumberAgain,
        PayCall.Close => Pay.Remedy.Query,
        PayCall.Query or PayCall.RefundQuery or PayCall.Certificates or PayCall.BillApplication or PayCall.BillDownload => Pay.Remedy.Retry,
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, null),
    };

    static Remedy NotThere(PayCall call) => call switch
    {
        PayCall.Certificates => Pay.Remedy.AskStaff,         // a merchant who only has a public key
        PayCall.Refund => Pay.Remedy.Query,                  // the payment is not there or not paid: its own query decides
        PayCall.RefundQuery => Pay.Remedy.SameNumberAgain,   // the application never arrived; under its number it cannot pay back twice
        _ => Pay.Remedy.AskAgain,
    };

    static Remedy AgainstARule(PayCall call, string code, string message) => call switch
    {
        // The same number with other content was seen under both codes, beside the OUT_TRADE_NO_USED that is documented.
        PayCall.Order when message.Contains("订单号重复", StringComparison.Ordinal) || message.Contains("重入", StringComparison.Ordinal) =>
            Pay.Remedy.Query,
        PayCall.Close when code == PayCodes.InvalidRequest => Pay.Remedy.Query,
        // Payments older than a month have a limit of their own, told only in the text; unchanged and later it passes.
        PayCall.Refund when message.Contains("频率限制", StringComparison.Ordinal) => Pay.Remedy.Retry,
        PayCall.BillDownload when code == PayCodes.InvalidRequest => Pay.Remedy.Retry,
        _ => Pay.Remedy.GiveUp,
    };
}
