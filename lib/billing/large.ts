/** Past either, a yes is typed and not only pressed: its amount, or its number of customers. */
export const LARGE = { amount: '1000', customers: 10 } as const
