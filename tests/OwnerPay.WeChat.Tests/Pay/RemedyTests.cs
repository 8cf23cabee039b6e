using OwnerPay.WeChat.Pay;

namespace OwnerPay.WeChat.Tests.Pay;

/// <summary>Every error of WeChat's table, in its several spellings, at every call that may answer it.</summary>
public class RemedyTests
{
    [Theory]
    [InlineData("PARAM_ERROR", 400, "*", Remedy.GiveUp)]
    [InlineData("INVALID_REQUEST", 400, "Order Query Refund RefundQuery Certificates BillApplication", Remedy.GiveUp)]
    [InlineData("INVALID_REQUEST", 400, "Close", Remedy.Query)]
    [InlineData("INVALID_REQUEST", 400, "BillDownload", Remedy.Retry)]
    [InlineData("APPID_MCHID_NOT_MATCH", 400, "Order", Remedy.AskStaff)]
    [InlineData("MCH_NOT_EXISTS", 400, "Order Query Close", Remedy.AskStaff)]
    [InlineData("MCH_NOT_EXISTS", 404, "Refund", Remedy.AskStaff)]
    [InlineData("ORDER_CLOSED", 400, "Order", Remedy.NewNumber)]
    [InlineData("ORDERCLOSED", 400, "Close", Remedy.Query)]
    [InlineData("ORDERPAID", 400, "Order Close", Remedy.Query)]
    [InlineData("STATEMENT_CREATING", 400, "BillApplication", Remedy.RetryLater)]
    [InlineData("SIGN_ERROR", 401, "*", Remedy.AskStaff)]
    [InlineData("NO_AUTH", 403, "Order Query Close Refund RefundQuery Certificates BillApplication", Remedy.AskStaff)]
    [InlineData("NOAUTH", 403, "BillDownload", Remedy.Retry)]
    [InlineData("OUT_TRADE_NO_USED", 403, "Order", Remedy.Query)]
    [InlineData("TRADE_ERROR", 403, "Query Close", Remedy.Query)]
    [InlineData("RULELIMIT", 403, "Query Close", Remedy.Retry)]
    [InlineData("NOTENOUGH", 403, "Refund", Remedy.RetryLater)]
    [InlineData("USER_ACCOUNT_ABNORMAL", 403, "Refund", Remedy.GiveUp)]
    [InlineData("ACCOUNT_ERROR", 403, "Order Refund", Remedy.GiveUp)]
    [InlineData("ORDERNOTEXIST", 404, "Query", Remedy.AskAgain)]
    [InlineData("ORDER_NOT_EXIST", 404, "Refund", Remedy.Query)]
    [InlineData("RESOURCE_NOT_EXISTS", 404, "Refund", Remedy.Query)]
    [InlineData("RESOURCE_NOT_EXISTS", 404, "RefundQuery", Remedy.SameNumberAgain)]
    [InlineData("RESOURCE_NOT_EXISTS", 404, "Certificates", Remedy.AskStaff)]
    [InlineData("FREQUENCY_LIMITED", 429, "*", Remedy.Retry)]
    [InlineData("SYSTEMERROR", 500, "Order Refund", Remedy.SameNumberAgain)]
    [InlineData("SYSTEM_ERROR", 500, "Close", Remedy.Query)]
    [InlineData("SYSTEM_ERROR", 500, "Query RefundQuery Certificates BillApplication BillDownload", Remedy.Retry)]
    [InlineData("BANK_ERROR", 500, "Order Close", Remedy.Query)]
    [InlineData("BANKERROR", 500, "Refund", Remedy.SameNumberAgain)]
    [InlineData("OPENID_MISMATCH", 500, "Order", Remedy.AskStaff)]
    [InlineData("INVALID_TRANSACTIONID", 500, "Query Refund", Remedy.GiveUp)]
    [InlineData("HTTP_502", 502, "Order Refund", Remedy.SameNumberAgain)]
    [InlineData("HTTP_503", 503, "Query", Remedy.Retry)]
    [InlineData("A_CODE_OF_2027", 429, "*", Remedy.Retry)]
    [InlineData("A_CODE_OF_2027", 403, "*", Remedy.AskStaff)]
    [InlineData("A_CODE_OF_2027", 400, "*", Remedy.GiveUp)]
    public void Each_error_of_wechats_table_has_one_remedy_per_call(string wire, int status, string calls, Remedy expected)
    {
        foreach (var call in calls == "*" ? Enum.GetValues<PayCall>() : [.. calls.Split(' ').Select(Enum.Parse<PayCall>)])
            Assert.Equal((call, expected), (call, PayErrors.Remedy(call, status, PayCodes.Normalise(wire), "text")));
    }

    [Fact]
    public void A_refund_of_an_old_payment_that_is_only_too_frequent_is_not_given_up() =>
        Assert.Equal(Remedy.Retry, PayErrors.Remedy(PayCall.Refund, 400, PayCodes.InvalidRequest, "频率限制,1个月之前的订单请降低申请频率再重试"));

    [Fact]
    public void After_silence_no_remedy_ever_names_a_new_number()
    {
        foreach (var call in Enum.GetValues<PayCall>())
            Assert.True(PayErrors.AfterSilence(call) is Remedy.Retry or Remedy.SameNumberAgain or Remedy.Query, call.ToString());
    }
}
