/**
 * What one answer said and a later one does not say as well: each by its place and both values, in words. What only the later
 * one has is no loss; a value whose name fits `ofTheMoment` is not compared. Lists are compared place by place.
 */
export function lostBetween(before: unknown, after: unknown, ofTheMoment: RegExp, place = ''): string[] {
  if (!isHolder(before))
    return Object.is(before, after)
      ? []
      : [`${place}: ${JSON.stringify(before)}, and then ${shortened(JSON.stringify(after))}`]
  if (!isHolder(after)) return [`${place}: then ${shortened(JSON.stringify(after))}`]
  const longer = Array.isArray(before) && Array.isArray(after) && after.length > before.length
  return [
    ...(longer ? [`${place}: ${before.length} entries, and then ${after.length}`] : []),
    ...Object.entries(before).flatMap(([name, value]) =>
      ofTheMoment.test(name) ? [] : lostBetween(value, after[name], ofTheMoment, `${place}/${name}`),
    ),
  ]
}

type Holder = Readonly<Record<string, unknown>>

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null

const shortened = (text: string | undefined): string =>
  text === undefined ? 'nothing' : text.length > 80 ? `${text.slice(0, 80)} ...` : text
