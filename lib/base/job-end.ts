/** How a job's work ended: all of it is done, or the same is to be called again, and not before so long from now. */
export type JobEnd = 'done' | { readonly againInMs: number }
