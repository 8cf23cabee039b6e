/** Looks at an order until it is paid or closed, or the time is over. A network that is away does not end the wait, only its end does. */
export declare function settled<Order extends {
    state: string;
}>(look: () => Promise<Order>, seconds: number): Promise<Order>;
