import { isTrouble } from "./errors.js";
import { wait } from "./requests.js";
/** Looks at an order until it is paid or closed, or the time is over. A network that is away does not end the wait, only its end does. */
export async function settled(look, seconds) {
    const end = Date.now() + seconds * 1000;
    for (let pause = 500;; pause = Math.min(pause * 1.5, 3000)) {
        try {
            const order = await look();
            if (order.state === "paid" || order.state === "closed" || Date.now() + pause > end)
                return order;
        }
        catch (error) {
            if (!isTrouble(error) || Date.now() + pause > end)
                throw error;
        }
        await wait(pause);
    }
}
