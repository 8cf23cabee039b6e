/** What the client needs of the mini-program's `wx`. The real one fits; so does a stand-in for tests and for a phone in a browser. */
export interface Wx {
  login(options: { success: (answer: { code: string }) => void; fail: (failure: WxFailure) => void }): void;
  request(options: WxRequest): unknown;
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, data: unknown): void;
  removeStorageSync(key: string): void;
}

export interface WxRequest {
  url: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  header: Record<string, string>;
  /** JSON text. */
  data?: string;
  /** Milliseconds. */
  timeout: number;
  success: (answer: { statusCode: number; data: unknown; header?: Record<string, string> }) => void;
  fail: (failure: WxFailure) => void;
}

/** `errMsg` is WeChat's, such as `request:fail timeout`; never shown to owners. */
export interface WxFailure {
  errMsg: string;
  errCode?: number;
}

/** The part of `wx` that fetches a file and shows it. The service must be one of the mini-program's downloadFile domains too. */
export interface WxFiles {
  downloadFile(options: {
    url: string; header: Record<string, string>; timeout: number;
    success: (answer: { statusCode: number; tempFilePath: string }) => void; fail: (failure: WxFailure) => void;
  }): unknown;
  openDocument(options: { filePath: string; fileType: "pdf"; showMenu: boolean; success: () => void; fail: (failure: WxFailure) => void }): void;
}

/** The part of `wx` that shows pictures over the whole screen. */
export interface WxPictures {
  previewImage(options: { urls: string[]; success: () => void; fail: (failure: WxFailure) => void }): void;
}

/** The part of `wx` that pays. */
export interface WxPay {
  requestPayment(options: {
    timeStamp: string; nonceStr: string; package: string; signType: "RSA"; paySign: string;
    success: () => void; fail: (failure: WxFailure) => void;
  }): void;
}

/** The part of `wx` that asks whether messages may be sent. */
export interface WxSubscribe {
  requestSubscribeMessage(options: {
    tmplIds: string[]; success: (answer: Record<string, string>) => void; fail: (failure: WxFailure) => void;
  }): void;
}
