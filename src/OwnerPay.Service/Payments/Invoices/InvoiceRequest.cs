using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Payments.Invoices;

/// <summary>To whom an invoice is made out.</summary>
public enum InvoiceTitleKind { Personal, Company }

/// <remarks><c>Requested</c> → <c>Issued</c> or <c>Rejected</c> by the tax system's answer; <c>Cancelled</c> when the money went back before. An issued
/// one whose money went back, in whole or in part, is <c>RedNeeded</c> (待红冲) until the red letter was issued: <c>Red</c> (已红冲).</remarks>
public enum InvoiceState { Requested, Issued, Rejected, Cancelled, RedNeeded, Red }

/// <summary>An owner's wish for an e-invoice (电子发票) over a payment. Invoices are made in the tax system; this records what was asked and what came of it.</summary>
public sealed class InvoiceRequest : IEntityTypeConfiguration<InvoiceRequest>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid HouseId { get; init; }
    public Guid PaymentId { get; init; }

    /// <summary>The payment while this request lives; null once rejected, cancelled or red, so that another may follow.</summary>
    public Guid? LivePaymentId { get; set; }

    /// <summary>Who asked: the WeChat user, or a member of staff at the counter.</summary>
    public Guid RequestedBy { get; init; }
    public InvoiceTitleKind TitleKind { get; init; }

    /// <summary>Name of the buyer.</summary>
    public string Title { get; init; } = "";

    /// <summary>18 characters, checked; empty for a person.</summary>
    public string TaxNumber { get; init; } = "";

    /// <summary>Where the tax system may send it; empty where none was given.</summary>
    public string Email { get; init; } = "";

    /// <summary>Sums of the lines, fen.</summary>
    public long GrossFen { get; init; }
    public long NetFen { get; init; }
    public long TaxFen { get; init; }
    public InvoiceState State { get; set; }
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Number and day as the tax system gave them; null before.</summary>
    public string? Number { get; set; }
    public DateOnly? IssuedOn { get; set; }
    public string? RedNumber { get; set; }
    public DateOnly? RedIssuedOn { get; set; }

    /// <summary>Why the tax system would not, in its words.</summary>
    public string? Reason { get; set; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<InvoiceRequest> table)
    {
        table.ToTable("InvoiceRequests", t => t.HasCheckConstraint("CK_InvoiceRequests_Sums", "GrossFen > 0 AND NetFen + TaxFen = GrossFen"));
        table.Property(r => r.State).HasConversion<string>().HasMaxLength(16).IsConcurrencyToken();    // import and a refund at once: the second reads again
        table.Property(r => r.TitleKind).HasConversion<string>().HasMaxLength(16);
        table.Property(r => r.TaxNumber).HasMaxLength(18);
        table.Property(r => r.Number).HasMaxLength(40);
        table.Property(r => r.RedNumber).HasMaxLength(40);
        table.Property(r => r.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(r => r.LivePaymentId).IsUnique();                       // one invoice for one payment
        table.HasIndex(r => r.PaymentId);
        table.HasIndex(r => new { r.CommunityId, r.State, r.RequestedAt });    // what waits for the tax system
        table.HasIndex(r => new { r.CommunityId, r.RequestedAt });
    }
}

/// <summary>A line of an invoice: what was paid for a bill's line, with the tax that the line froze.</summary>
public sealed class InvoiceLine : IEntityTypeConfiguration<InvoiceLine>, ISealed
{
    public Guid RequestId { get; init; }

    /// <summary>From 1.</summary>
    public int Number { get; init; }
    public Guid CommunityId { get; init; }
    public Guid BillLineId { get; init; }
    public string Title { get; init; } = "";
    public string TaxCode { get; init; } = "";
    public int TaxRatePerMillion { get; init; }
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public long GrossFen { get; init; }
    public long NetFen { get; init; }
    public long TaxFen { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<InvoiceLine> table)
    {
        table.ToTable("InvoiceLines", t => t.HasCheckConstraint("CK_InvoiceLines_Amounts", "GrossFen > 0 AND NetFen + TaxFen = GrossFen"));
        table.HasKey(l => new { l.RequestId, l.Number });
        table.Property(l => l.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(l => l.CommunityId);
    }
}

public static class InvoicesTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<InvoiceRequest> InvoiceRequests => db.Set<InvoiceRequest>();
        public DbSet<InvoiceLine> InvoiceLines => db.Set<InvoiceLine>();
    }
}
