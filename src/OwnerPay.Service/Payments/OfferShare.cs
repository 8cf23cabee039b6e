using System.Globalization;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Promotions;

namespace OwnerPay.Service.Payments;

/// <summary>What one offer gives on an order line, as the line keeps it: <c>early-bird-2027=12000</c>, or <c>bank-gift@1221/offers/bank-gift=500</c> for one
/// that others fund.</summary>
/// <param name="Account">The account of who funds it; null for the company's own.</param>
public readonly record struct OfferShare(string Code, string? Account, long Fen)
{
    public static string Text(QuotedDiscount discount)
    {
        var account = discount.Funding switch
        {
            OfferFunding.Company => "",
            OfferFunding.OwnersFund => "@" + Accounts.OwnersFund,
            OfferFunding.ThirdParty => "@" + Accounts.OfferFunding(discount.Code),
            _ => throw new InvalidOperationException($"Nobody funds {discount.Funding}"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{discount.Code}{account}={discount.Fen}");
    }

    /// <param name="text">Shares joined by commas; empty for none.</param>
    public static IReadOnlyList<OfferShare> Parse(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(One)];

    static OfferShare One(string text)
    {
        var (equals, at) = (text.IndexOf('='), text.IndexOf('@'));
        var name = at >= 0 ? text[..at] : text[..equals];
        return new(name, at >= 0 ? text[(at + 1)..equals] : null, long.Parse(text.AsSpan(equals + 1), CultureInfo.InvariantCulture));
    }
}
