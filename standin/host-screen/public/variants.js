/**
 * How ConnectWise may speak otherwise than its client library's code says: sources differ, or a live screen may surprise
 * (docs/facts/host-api.md, "Messages"). Each variant turns one message of the screen into what is really
 * posted.
 */

const slowMs = 3000

/** What no client may fall for, whatever it is in between: no JSON, no object, too long, without what it needs, of wrong types. */
const garbage = [
  '{"response":"getmemberauthentication","data":{"memberid"',
  '',
  'null',
  '[]',
  '{"MessageFrameID":5}',
  '{"MessageFrameID":""}',
  '{"response":7,"data":{}}',
  '{"response":"getmemberauthentication"}',
  '{"response":"getmemberauthentication","data":["GClerk"]}',
  '{"response":"getmemberauthentication","data":{"memberid":{"$ne":null},"memberHash":true}}',
  '{"response":"somethingelse","data":{"memberid":"GClerk","memberHash":"x"}}',
  '{"event":"onLoad","_id":"none"}',
  '{"event":"onLoad","_id":"none","data":{"screenObject":{"screen":"agreement","id":"1; DROP TABLE"}}}',
  '{"event":"onLoad","_id":"none","data":{"screenObject":{"screen":"agreement","id":-2}}}',
  '{"event":"onLoad","_id":"none","data":{"screenObject":{"screen":"invoice","id":2}}}',
  JSON.stringify({
    response: 'getmemberauthentication',
    data: { memberid: 'x'.repeat(70_000), memberHash: 'x' },
  }),
  { response: 'getmemberauthentication', data: { memberid: 'GClerk', memberHash: 'x' } },
  null,
  42,
].map((data) => ({ data }))

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
  'other-record': {
    title: 'Another record',
    post: ({ data, ...rest }) => {
      const screenObject = data?.screenObject && { ...data.screenObject, id: data.screenObject.id + 1 }
      return [
        { data: JSON.stringify({ ...rest, ...(data && { data: screenObject ? { screenObject } : data }) }) },
      ]
    },
  },
  garbage: {
    title: 'Garbage between',
    post: (message) => [...garbage, { data: JSON.stringify(message) }, ...garbage],
  },
  nonsense: {
    title: 'Garbage for answers',
    post: (message) => (message.response === undefined ? [{ data: JSON.stringify(message) }] : garbage),
  },
  // [inferred] Nobody has seen it; a client should ignore it rather than fail.
  object: { title: 'Objects, not strings', post: (message) => [{ data: message }] },
}

/** The variant that the page's address asks for: `/?host=slow#/agreements/12`. */
export function chosenVariant() {
  const name = new URLSearchParams(location.search).get('host') ?? 'standard'
  return Object.hasOwn(variants, name) ? name : 'standard'
}
