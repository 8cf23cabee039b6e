using OwnerPay.Service.Ledger;
using OwnerPay.Service.Messaging.Mail;
using OwnerPay.Service.Messaging.OfficialAccounts;
using OwnerPay.Service.Messaging.Sms;
using OwnerPay.Service.Platform;
using OwnerPay.Service.Staff;

namespace OwnerPay.Service.Messaging;

/// <summary>Telling people: templates, grants, the in-app inbox, and the sending.</summary>
public static class MessagingEndpoints
{
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddScoped<MessageKinds>();
        services.AddScoped<Messages>();
        services.AddScoped<RenderMessages>();
        services.AddScoped<Grants>();
        services.AddScoped<AcceptMessages>();
        services.AddScoped<ReceivePush>();
        services.AddJob<NoteSendResults>("note-send-results", TimeSpan.FromSeconds(2));
        services.AddScoped<ProposeTemplates>();
        services.AddScoped<IApprovable, TemplateApproval>();
        services.AddScoped<ShowTemplates>();
        services.AddScoped<ShowInbox>();
        services.AddScoped<SendDelivery>();
        services.AddScoped<MessageChannels>();
        services.AddScoped<IMessageChannel, SubscriptionChannel>();
        services.AddScoped<IMessageChannel, LetterChannel>();
        services.AddScoped<IMessageChannel, SmsChannel>();
        services.AddHttpClient(AliyunSms.ClientName).RemoveAllLoggers();    // numbers and texts stand in the query
        services.AddSingleton<AliyunSms>();
        services.AddScoped<SetSmsAccount>();
        services.AddScoped<IMessageChannel, EmailChannel>();
        services.AddScoped<Mailer>();
        services.AddScoped<SetMailAccount>();
        services.AddScoped<Contact>();
        services.AddScoped<IMessageChannel, OfficialAccountChannel>();
        services.AddScoped<SetOfficialAccount>();
        services.AddScoped<ReceiveOfficialPush>();
        services.AddJob<LearnFollowers>("learn-followers", TimeSpan.FromSeconds(10));
        services.AddScoped<PreviewTemplate>();
        services.AddScoped<ShowHouseMessages>();
        services.AddScoped<PrintLetter>();
        services.AddScoped<ReceiveSmsReports>();
        services.AddHostedService<ProviderHosts>();
        services.AddScoped<ContinueChains>();
        services.AddScoped<ReminderDays>();
        services.AddScoped<Reach>();
        services.AddScoped<SetMessageSettings>();
        services.AddScoped<Letters>();
        services.AddScoped<IVerifyCheck, MessageCostsAddUp>();
        services.AddScoped<IVerifyCheck, RemindersKeepLimits>();
        services.AddScoped<SendPace>();
        services.AddScoped<IWorkGauge, DeliveriesGauge>();
        services.AddJob<DispatchMessages>("dispatch-messages", TimeSpan.FromSeconds(2));
        services.AddScoped<IVerifyCheck, GrantsAddUp>();
        services.AddScoped<IVerifyCheck, AcceptsCountOnce>();
        services.AddScoped<IVerifyCheck, DeliveriesUseOneGrant>();
        return services;
    }

    /// <summary>Registers a kind of message; called by the slice that owns its data.</summary>
    public static IServiceCollection AddMessageKind<T>(this IServiceCollection services) where T : class, IMessageKind =>
        services.AddScoped<IMessageKind, T>();

    public static Doors MapMessaging(this Doors doors)
    {
        AcceptMessages.Map(doors);
        ReceivePush.Map(doors);
        ProposeTemplates.Map(doors);
        ShowTemplates.Map(doors);
        ShowInbox.Map(doors);
        SetMessageSettings.Map(doors);
        Letters.Map(doors);
        SetSmsAccount.Map(doors);
        SetMailAccount.Map(doors);
        SetOfficialAccount.Map(doors);
        ReceiveOfficialPush.Map(doors);
        Contact.Map(doors);
        PreviewTemplate.Map(doors);
        ShowHouseMessages.Map(doors);
        PrintLetter.Map(doors);
        ReceiveSmsReports.Map(doors);
        return doors;
    }
}
