/** Reads Prometheus's text as strictly as its own parser does (exposition format 0.0.4). */

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?\d+(?:\.\d+)?)$/
const LABELS = /^\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\})|(?=\})))*\}$/

/** Each sample with its labels as written. Throws where a line is none, comes twice, or stands below another figure's heading. */
export function samplesOf(text: string): Record<string, number> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end')
  const samples: Record<string, number> = {}
  const told = new Set<string>()
  let family = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind === undefined) {
      const [, sample = '', labels = '', value] = SAMPLE.exec(line) ?? []
      if (sample !== family) throw new Error(`No sample of ${family}: ${line}`)
      if (labels !== '' && !LABELS.test(labels)) throw new Error(`Labels cannot be read: ${line}`)
      if (sample + labels in samples) throw new Error(`Twice: ${line}`)
      samples[sample + labels] = Number(value)
    } else {
      if (!NAME.test(name) || told.has(`${kind} ${name}`)) throw new Error(`No heading: ${line}`)
      if (kind === 'TYPE' && !['gauge', 'counter'].includes(rest)) throw new Error(`No kind: ${line}`)
      if (kind === 'TYPE' && family !== name) throw new Error(`Its help does not stand before it: ${line}`)
      told.add(`${kind} ${name}`)
      family = name
    }
  }
  return samples
}
