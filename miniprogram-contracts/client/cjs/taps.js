"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.newTap = newTap;
const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Call it when the button is tapped, and keep the result until the answer is known. */
function newTap() {
    let key = Date.now().toString(36) + "-";
    while (key.length < 32)
        key += letters.charAt(Math.floor(Math.random() * letters.length));
    return { key };
}
