/** On and off as people write them, and as spreadsheets write TRUE and FALSE in the languages of the partners. */
const on = [
  'on',
  'yes',
  'y',
  'true',
  '1',
  'x',
  'wahr',
  'ja',
  'vrai',
  'oui',
  'verdadero',
  'vero',
  'waar',
  'sand',
  'prawda',
]
const off = [
  'off',
  'no',
  'n',
  'false',
  '0',
  'falsch',
  'nein',
  'faux',
  'non',
  'falso',
  'onwaar',
  'nee',
  'falsk',
  'fałsz',
]

/** `null` where it says neither. */
export function isOn(text: string): boolean | null {
  const word = text.toLowerCase()
  return on.includes(word) ? true : off.includes(word) ? false : null
}
