import type { Review } from '#app/api/schemas/mappings.ts'

type Counts = Review['counts']

const some = (count: number, one: string, many: string): string | null =>
  count === 0 ? null : `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`

/** `3 rows are wrong. 212 customers are mapped, Sync goes off for 2, 10 stay as they are.` */
export function countsText(counts: Counts): string {
  const wrong = some(counts.wrong, 'row is wrong', 'rows are wrong')
  const rest = [
    some(counts.map, 'customer is mapped', 'customers are mapped'),
    counts['sync-on'] === 0 ? null : `Sync goes on for ${counts['sync-on']}`,
    counts['sync-off'] === 0 ? null : `Sync goes off for ${counts['sync-off']}`,
    some(counts.nothing, 'row changes nothing', 'rows change nothing'),
  ].filter((each) => each !== null)
  return [wrong, rest.length === 0 ? null : rest.join(', ')]
    .filter((each) => each !== null)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

/** What the button does: `Save 212 mappings`. */
export function saveText(counts: Counts): string {
  const switched = counts['sync-on'] + counts['sync-off']
  if (counts.map + switched === 0) return 'Nothing to save'
  if (switched === 0) return `Save ${some(counts.map, 'mapping', 'mappings')}`
  return `Save ${some(counts.map + switched, 'change', 'changes')}`
}
