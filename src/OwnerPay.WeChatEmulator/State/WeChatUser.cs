namespace OwnerPay.WeChatEmulator.State;

/// <summary>A person with WeChat on the phone, as seen from the one mini-program.</summary>
sealed class WeChatUser
{
    public required string Openid { get; init; }
    public string? Unionid { get; set; }
    public string Nickname { get; set; } = "";

    /// <summary>Without country code; empty when the person bound none.</summary>
    public string Phone { get; set; } = "";

    /// <summary>The main switch of subscription messages is off (拒收): grants are kept but nothing arrives.</summary>
    public bool RefusesMessages { get; set; }
}

enum UserCodeKind { Login, Phone }

/// <summary>A one-time code of <c>wx.login</c> or of the phone number button; 5 minutes of the system clock.</summary>
sealed class UserCode
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public required string Code { get; init; }
    public required UserCodeKind Kind { get; init; }
    public required string Openid { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public bool Used { get; set; }
}

/// <summary>A subscription template chosen in the mini-program's console.</summary>
sealed class Template
{
    public required string TemplateId { get; init; }

    /// <summary>A template message of the service account; else a subscription message of the mini-program.</summary>
    public bool IsOfficial { get; init; }
    public string Title { get; set; } = "";

    /// <summary>Keys such as <c>thing1</c>, separated by commas; every message must fill exactly these.</summary>
    public required string Fields { get; set; }
}

/// <summary>How many more messages of one template a person agreed to.</summary>
sealed class Grant
{
    public required string Openid { get; init; }
    public required string TemplateId { get; init; }
    public int Left { get; set; }
}

/// <summary>An answer that the person wants kept without being asked again (总是保持以上选择，不再询问).</summary>
sealed class KeptChoice
{
    public required string Openid { get; init; }
    public required string TemplateId { get; init; }

    /// <summary>Each later request then grants one more message silently; false refuses silently.</summary>
    public bool Accept { get; set; }
}

/// <summary>A subscription or template message that WeChat accepted.</summary>
sealed class Message
{
    public long Id { get; init; }
    public required string Openid { get; init; }
    public required string TemplateId { get; init; }
    public string? Page { get; init; }

    /// <summary>The <c>data</c> object as sent.</summary>
    public required string Data { get; init; }

    /// <summary>Business time.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>System clock.</summary>
    public DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Of the service account; then the openid is one of its own.</summary>
    public bool IsOfficial { get; init; }

    /// <summary>The merchant's own number of it; service account only.</summary>
    public string? ClientMsgId { get; init; }

    /// <summary>It was accepted, but the phone never got it.</summary>
    public bool Undelivered { get; init; }
}

/// <summary>An access token of the mini-program or the service account, on the system clock.</summary>
sealed class TokenRow
{
    public required string Token { get; init; }

    /// <summary>The account that it speaks for.</summary>
    public required string Appid { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }
}
