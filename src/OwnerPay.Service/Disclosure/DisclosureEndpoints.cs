using OwnerPay.Service.Disclosure.Events;
using OwnerPay.Service.Disclosure.Models;
using OwnerPay.Service.Disclosure.Surveys;
using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Disclosure;

/// <summary>What a community tells its owners in public and asks of them: notices and posters, events, surveys, model payers.</summary>
public static class DisclosureEndpoints
{
    public static IServiceCollection AddDisclosure(this IServiceCollection services) => services
        .AddScoped<Residents>().AddScoped<CheckPublicText>().AddScoped<PaymentProgress>()
        .AddScoped<WriteNotices>().AddScoped<PublishNotice>().AddScoped<IApprovable, ApproveNotice>()
        .AddScoped<NoticeFiles>().AddScoped<OwnerNotices>().AddScoped<StaffNotices>().AddScoped<PrintPoster>()
        .AddMessageKind<NoticeMessage>()
        .AddOutboxHandler<TellOfNotice>(PublishNotice.News, "tell-of-notice")
        .AddJob<AnnounceNotices>("announce-notices", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckNotices>()
        .AddScoped<KeepEvents>().AddScoped<SignUp>().AddScoped<OwnerEvents>().AddScoped<Attendance>()
        .AddMessageKind<EventReminder>().AddMessageKind<PlaceGiven>().AddMessageKind<EventCancelled>()
        .AddOutboxHandler<TellOfCancelledEvent>(KeepEvents.Cancelled, "tell-of-cancelled-event")
        .AddJob<RemindOfEvents>("remind-of-events", TimeSpan.FromMinutes(1))
        .AddScoped<IVerifyCheck, CheckEvents>()
        .AddScoped<KeepSurveys>().AddScoped<AnswerSurvey>().AddScoped<SurveyResults>().AddScoped<IVerifyCheck, CheckSurveys>()
        .AddScoped<ModelEntries>().AddScoped<KeepModelLists>().AddScoped<ConsentToBeShown>();

    public static Doors MapDisclosure(this Doors doors)
    {
        PaymentProgress.Map(doors);
        WriteNotices.Map(doors);
        NoticeFiles.Map(doors);
        OwnerNotices.Map(doors);
        StaffNotices.Map(doors);
        PrintPoster.Map(doors);
        KeepEvents.Map(doors);
        SignUp.Map(doors);
        OwnerEvents.Map(doors);
        Attendance.Map(doors);
        KeepSurveys.Map(doors);
        AnswerSurvey.Map(doors);
        SurveyResults.Map(doors);
        KeepModelLists.Map(doors);
        ConsentToBeShown.Map(doors);
        return doors;
    }
}
