/** Every operation of the owner API. One that is missing here does not compile either. */
export const routes = {
    openSession: ["POST", "/api/owner/v1/sessions"],
    showMe: ["GET", "/api/owner/v1/me"],
    bindPerson: ["POST", "/api/owner/v1/bindings"],
    acceptMessages: ["POST", "/api/owner/v1/grants"],
    showHome: ["GET", "/api/owner/v1/houses/{houseId}/home"],
    listBills: ["GET", "/api/owner/v1/houses/{houseId}/bills"],
    showBill: ["GET", "/api/owner/v1/houses/{houseId}/bills/{billId}"],
    quoteBills: ["POST", "/api/owner/v1/houses/{houseId}/quotes"],
    startCheckout: ["POST", "/api/owner/v1/houses/{houseId}/payments"],
    listPayments: ["GET", "/api/owner/v1/houses/{houseId}/payments"],
    showPayment: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}"],
    showReceipt: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/receipt"],
    downloadReceipt: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/receipt.pdf"],
    downloadStatement: ["GET", "/api/owner/v1/houses/{houseId}/statement.pdf"],
    requestInvoice: ["POST", "/api/owner/v1/houses/{houseId}/payments/{orderId}/invoice"],
    showInvoice: ["GET", "/api/owner/v1/houses/{houseId}/payments/{orderId}/invoice"],
    showPoints: ["GET", "/api/owner/v1/houses/{houseId}/points"],
    listRewards: ["GET", "/api/owner/v1/houses/{houseId}/rewards"],
    listRedemptions: ["GET", "/api/owner/v1/houses/{houseId}/redemptions"],
    redeemReward: ["POST", "/api/owner/v1/houses/{houseId}/redemptions"],
    cancelRedemption: ["POST", "/api/owner/v1/houses/{houseId}/redemptions/{redemptionId}/cancel"],
    listMessages: ["GET", "/api/owner/v1/houses/{houseId}/messages"],
    readMessage: ["POST", "/api/owner/v1/houses/{houseId}/messages/{messageId}/read"],
    listTemplatesToAsk: ["GET", "/api/owner/v1/houses/{houseId}/message-templates"],
};
/** Posts that may be sent again without a key, because the second does no more than the first. Reads and keyed posts may anyway. */
export const repeatable = ["quoteBills", "readMessage"];
