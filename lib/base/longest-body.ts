/** Bytes of a request's body that are read at most. The longest that anybody sends, a member's proof, has some 10 KB. */
export const LONGEST_BODY = 256 * 1024

/** The detail of `body-too-large`. */
export const TOO_LARGE = `A body has at most ${LONGEST_BODY / 1024} KB.`
