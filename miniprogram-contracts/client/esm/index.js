export { Board } from "./board.js";
export { OwnerPay } from "./client.js";
export { ProblemError, TroubleError, isProblem, isTrouble } from "./errors.js";
export { House } from "./house.js";
export { yuan } from "./money.js";
export { PayLink } from "./pay-link.js";
export { Pages } from "./pages.js";
export { newTap } from "./taps.js";
export { askForMessages, requestPayment } from "./wechat.js";
