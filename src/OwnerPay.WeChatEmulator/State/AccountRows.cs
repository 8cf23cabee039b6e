namespace OwnerPay.WeChatEmulator.State;

/// <summary>An event that was to be pushed to the merchant's server, and what became of it.</summary>
sealed class PushRow
{
    public required Guid Id { get; init; }

    /// <summary>Of the service account; else of the mini-program.</summary>
    public required bool IsOfficial { get; init; }
    public required string Openid { get; init; }
    public required string Event { get; init; }

    /// <summary>Before it is encrypted; the same in every attempt.</summary>
    public required string Message { get; init; }
    public required CallbackState State { get; set; }
    public int Attempts { get; set; }

    /// <summary>System clock.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A person as seen from the service account, who follows it or once did.</summary>
sealed class Follower
{
    /// <summary>Under the service account; another than under the mini-program.</summary>
    public required string Openid { get; init; }

    /// <summary>The one name for both accounts.</summary>
    public required string Unionid { get; init; }

    /// <summary>Under the mini-program.</summary>
    public required string UserOpenid { get; init; }
    public bool Follows { get; set; }

    /// <summary>Refuses this account's messages: accepted, but never delivered.</summary>
    public bool Blocks { get; set; }
    public DateTimeOffset FollowedAt { get; set; }
}

/// <summary>A shipment that was reported for a payment (发货信息管理).</summary>
sealed class Shipment
{
    public required string TransactionId { get; init; }
    public required string OutTradeNo { get; init; }

    /// <summary>The parts that count as content, as sent.</summary>
    public required string Content { get; set; }
    public required string ItemDesc { get; set; }
    public required int LogisticsType { get; set; }
    public required DateTimeOffset UploadTime { get; set; }

    /// <summary>The one later change was made.</summary>
    public bool Redelivered { get; set; }

    /// <summary>The payer said that it arrived.</summary>
    public bool Confirmed { get; set; }
}
