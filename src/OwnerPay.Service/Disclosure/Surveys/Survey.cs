using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Storage;

namespace OwnerPay.Service.Disclosure.Surveys;

public enum SurveyState { Draft, Published, Closed }

/// <summary>Who may answer once: each house, or each person.</summary>
public enum SurveyUnit { House, Person }

/// <summary>A short survey (问卷). It asks for opinions; it is no vote of the owners in the sense of the law.</summary>
public sealed class Survey : IEntityTypeConfiguration<Survey>, ISealed
{
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public string Title { get; set; } = "";
    public string Intro { get; set; } = "";
    public Audience Audience { get; set; }
    public Guid? BuildingId { get; set; }
    public SurveyUnit Unit { get; set; }

    /// <summary>Answers are stored without house, person and time, and without any link to who took part.</summary>
    public bool Anonymous { get; set; }

    /// <summary>First and last Shanghai day on which it can be answered.</summary>
    public DateOnly From { get; set; }
    public DateOnly To { get; set; }
    public SurveyState State { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public byte[] Seal { get; set; } = [];

    public AudienceScope Scope => new(CommunityId, Audience, BuildingId, null);

    /// <summary>Answers are no longer taken.</summary>
    public bool IsOver(DateOnly today) => State == SurveyState.Closed || State == SurveyState.Published && today > To;

    public void Configure(EntityTypeBuilder<Survey> table)
    {
        table.ToTable("Surveys");
        table.Ignore(s => s.Scope);
        table.Property(s => s.Intro).HasMaxLength(1000);
        table.Property(s => s.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(s => new { s.CommunityId, s.CreatedAt });
    }
}

/// <summary><c>Scale</c>: 1 to 5.</summary>
public enum QuestionKind { One, Several, Scale, Text }

public sealed class SurveyQuestion : IEntityTypeConfiguration<SurveyQuestion>, ISealed
{
    public const int ScaleTop = 5;

    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid SurveyId { get; init; }

    /// <summary>From 1 within its survey.</summary>
    public int Number { get; init; }
    public QuestionKind Kind { get; init; }
    public string Text { get; init; } = "";

    /// <summary>JSON array of the options of <c>One</c> and <c>Several</c>; empty for the others.</summary>
    public string Options { get; init; } = "[]";
    public bool Required { get; init; }
    public byte[] Seal { get; set; } = [];

    public IReadOnlyList<string> OptionList => JsonSerializer.Deserialize<List<string>>(Options, Json.Options)!;

    public void Configure(EntityTypeBuilder<SurveyQuestion> table)
    {
        table.ToTable("SurveyQuestions");
        table.Ignore(q => q.OptionList);
        table.Property(q => q.Options).HasMaxLength(4000);
        table.Property(q => q.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(q => new { q.SurveyId, q.Number }).IsUnique();
    }
}

/// <summary>Somebody who may answer a survey once: a house or a person. The rows are made when the survey is published, all of them at once, so that
/// neither their order nor a time in them says when somebody answered.</summary>
public sealed class SurveyTurn : IEntityTypeConfiguration<SurveyTurn>
{
    public Guid SurveyId { get; init; }

    /// <summary>House or person, as the survey says.</summary>
    public Guid UnitId { get; init; }
    public Guid CommunityId { get; init; }
    public bool Done { get; set; }

    public void Configure(EntityTypeBuilder<SurveyTurn> table)
    {
        table.ToTable("SurveyTurns");
        table.HasKey(t => new { t.SurveyId, t.UnitId });
    }
}

/// <summary>The answer to one question of one sheet. Of an anonymous survey it knows its question and nothing else, and its id is pure
/// chance.</summary>
public sealed class SurveyAnswer : IEntityTypeConfiguration<SurveyAnswer>, ISealed
{
    public const int LongestText = 500;

    /// <summary>Random, not ordered by time.</summary>
    public Guid Id { get; init; }
    public Guid CommunityId { get; init; }
    public Guid SurveyId { get; init; }
    public Guid QuestionId { get; init; }

    /// <summary>JSON array: options from 1, or the point on the scale; empty where it was left out.</summary>
    public string Choices { get; init; } = "[]";

    /// <summary>Free text, personal data already taken out.</summary>
    public string Text { get; init; } = "";

    /// <summary>Null in an anonymous survey.</summary>
    public Guid? HouseId { get; init; }
    public Guid? PersonId { get; init; }
    public DateTimeOffset? At { get; init; }
    public byte[] Seal { get; set; } = [];

    public void Configure(EntityTypeBuilder<SurveyAnswer> table)
    {
        table.ToTable("SurveyAnswers");
        table.Property(a => a.Text).HasMaxLength(LongestText * 2);    // stars may be longer than what they stand for
        table.Property(a => a.Seal).HasMaxLength(RowSeal.Length);
        table.HasIndex(a => a.QuestionId);
    }
}

public static class SurveysTables
{
    extension(OwnerPayDb db)
    {
        public DbSet<Survey> Surveys => db.Set<Survey>();
        public DbSet<SurveyQuestion> SurveyQuestions => db.Set<SurveyQuestion>();
        public DbSet<SurveyTurn> SurveyTurns => db.Set<SurveyTurn>();
        public DbSet<SurveyAnswer> SurveyAnswers => db.Set<SurveyAnswer>();
    }
}
