/**
 * How ConnectWise may speak otherwise than its client library's code says: sources differ, or a live screen may surprise
 * (docs/facts/host-api.md, "Messages"). Each variant turns one message of the screen into what is really
 * posted.
 */

const slowMs = 3000

/** @type {Record<string, {title: string, post: (message: Record<string, unknown>) => {data: unknown, afterMs?: number}[]}>} */
export const variants = {
  standard: { title: 'As described', post: (message) => [{ data: JSON.stringify(message) }] },
  // The library's readme, against its code.
  args: {
    title: 'Events under args',
    post: ({ data, ...rest }) => [
      { data: JSON.stringify(rest.event === undefined ? { ...rest, data } : { ...rest, args: data }) },
    ],
  },
  twice: {
    title: 'Frame id twice',
    post: (message) => {
      const posted = { data: JSON.stringify(message) }
      return message.MessageFrameID === undefined ? [posted] : [posted, posted]
    },
  },
  slow: {
    title: 'Slow answers',
    post: (message) => [
      { data: JSON.stringify(message), afterMs: message.response === undefined ? 0 : slowMs },
    ],
  },
  silent: {
    title: 'No answers',
    post: (message) => (message.response === undefined ? [{ data: JSON.stringify(message) }] : []),
  },
  // [inferred] Nobody has seen it; a client should ignore it rather than fail.
  object: { title: 'Objects, not strings', post: (message) => [{ data: message }] },
}

/** The variant that the page's address asks for: `/?host=slow#/agreements/12`. */
export function chosenVariant() {
  const name = new URLSearchParams(location.search).get('host') ?? 'standard'
  return Object.hasOwn(variants, name) ? name : 'standard'
}
