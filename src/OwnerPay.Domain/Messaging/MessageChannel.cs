namespace OwnerPay.Domain.Messaging;

/// <summary>A way to reach a person besides the in-app inbox, in which every message is kept: WeChat's subscription message, a template message of
/// the official account, a text message, a paper letter, an email.</summary>
public enum MessageChannel { Subscription, OfficialAccount, Sms, Letter, Email }

/// <summary>Why a message is sent, which decides its limits. <c>Answer</c>: to what the person just did; at any hour, uncounted. <c>Notice</c>: news
/// that concerns the person; not in quiet hours. <c>Reminder</c>: asks once more; counted as well. <c>Promotion</c>: counted, only with consent,
/// never by WeChat's service templates.</summary>
public enum MessagePurpose { Answer, Notice, Reminder, Promotion }

/// <summary>How far a message is proved to have come, in rising order: taken over by the channel is less than on the phone, that less than read, that
/// less than acknowledged by a tap. A letter is posted, delivered, signed for.</summary>
public enum DeliveryProof { Queued, Accepted, Posted, Delivered, Read, Signed, Acknowledged }
