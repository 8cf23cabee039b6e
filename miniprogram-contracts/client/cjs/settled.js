"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.settled = settled;
const errors_js_1 = require("./errors.js");
const requests_js_1 = require("./requests.js");
/** Looks at an order until it is paid or closed, or the time is over. A network that is away does not end the wait, only its end does. */
async function settled(look, seconds) {
    const end = Date.now() + seconds * 1000;
    for (let pause = 500;; pause = Math.min(pause * 1.5, 3000)) {
        try {
            const order = await look();
            if (order.state === "paid" || order.state === "closed" || Date.now() + pause > end)
                return order;
        }
        catch (error) {
            if (!(0, errors_js_1.isTrouble)(error) || Date.now() + pause > end)
                throw error;
        }
        await (0, requests_js_1.wait)(pause);
    }
}
