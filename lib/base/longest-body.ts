/** Bytes of a request's body that are read at most. The longest that anybody sends, a member's proof, has some 10 KB. */
export const LONGEST_BODY = 256 * 1024

/** Bytes of a file of mappings: 20,000 rows of some 100 bytes. */
export const LONGEST_FILE = 2 * 1024 * 1024

/** A file goes as Base64, which makes four bytes of three, with a few words around it. */
const LONGEST_WITH_FILE = Math.ceil((LONGEST_FILE / 3) * 4) + 1024

/** @param path of the request, without its query */
export const longestBody = (path: string): number =>
  /^\/api\/programs\/[^/]+\/mappings\/(review|import)$/.test(path) ? LONGEST_WITH_FILE : LONGEST_BODY

/** The detail of `body-too-large`. */
export const tooLarge = (path: string): string =>
  longestBody(path) === LONGEST_BODY
    ? `A body has at most ${LONGEST_BODY / 1024} KB.`
    : `A file has at most ${LONGEST_FILE / 1024 / 1024} MB.`
