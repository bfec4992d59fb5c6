/**
 * Under which key two names of one company meet, and two ways to write one domain. PRISM, ConnectWise and whoever typed the name
 * write capitals, accents, punctuation and the legal form each in their own way.
 */

/** A name without what may differ: words in lower case, a space between. */
export type NameKey = string & { readonly __brand: 'NameKey' }
/** A host's name as DNS has it, without `www.`. */
export type DomainKey = string & { readonly __brand: 'DomainKey' }

/** Legal forms of one word, as they end a name. Left out are those that are a word of their own too (`SpA`, `PC`, `NL`). */
const FORMS = new Set(
  [
    // Australia, New Zealand, Asia, Britain, Ireland
    'pty proprietary pl ltd limited pte pvt plc llp lp sdn bhd berhad pcl tbk kk gk',
    // North America
    'inc incorporated llc pllc corp corporation co company ltee',
    // German, Dutch, French, Spanish, Portuguese
    'gmbh mbh ag kg kgaa ohg gbr ug ek ev eg se bv nv vof bvba sprl srl sa sarl sas sasu eurl sl slu sau lda ltda',
    // The north and east of Europe
    'ab as asa aps oy oyj ehf uab sro spzoo kft zrt',
  ].flatMap((line) => line.split(' ')),
)
/** Those of several words, of which one alone may be a word of a name. */
const PHRASES = new Set([
  'private limited',
  'private ltd',
  'public company limited',
  'ug haftungsbeschrankt',
  'sa de cv',
  's de rl de cv',
  'sp zoo',
  'sp z oo',
  'sp z o o',
])
const LONGEST_FORM = 5
/** What begins a name and tells no more than a legal form. */
const BEFORE = new Set(['the', 'pt'])

/** Letters that Unicode does not take apart into a plain one and its accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
}

const ASCII = /^[ -~]*$/

/** In lower case, without accents; marks that are letters of their own, as in Thai and Japanese, stay. */
const plain = (text: string): string => (ASCII.test(text) ? text.toLowerCase() : unaccented(text))

const unaccented = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøđðłþħı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')

/** Legal forms that are written without a space. */
const JOINED = new RegExp(
  [
    '株式会社',
    '有限会社',
    '合同会社',
    '股份有限公司',
    '有限公司',
    '주식회사',
    '유한회사',
    'บริษัท',
    'จำกัด',
    'มหาชน',
    '(株)',
    '(有)',
    '(주)',
  ]
    .map((form) => plain(form).replace(/[()]/g, '\\$&'))
    .join('|'),
  'g',
)
const NO_WORD = /[^\p{L}\p{M}\p{N}]+/u

const isLetter = (word: string): boolean => /^.$/u.test(word)

/** Letters in a row become one word, as they are where an abbreviation is written without its dots. */
function joinLetters(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const [at, word] of words.entries())
    if (isLetter(word) && at > 0 && isLetter(words[at - 1] ?? '')) joined.push(`${joined.pop() ?? ''}${word}`)
    else joined.push(word)
  return joined
}

/** `B.V.` is `bv`, `O'Brien` is one word, `&` is `and`. */
const wordsOf = (name: string): string[] =>
  plain(name)
    .replace(JOINED, ' ')
    .replace(/['’`´]/g, '')
    .replace(/[&+]/g, ' and ')
    .split(/\s+/)
    .flatMap((part) => joinLetters(part.split(NO_WORD).filter((word) => word !== '')))

function isForm(words: readonly string[]): boolean {
  if (words.length === 1 || words.every(isLetter)) return FORMS.has(words.join(''))
  return PHRASES.has(words.join(' '))
}

const LAST_OF_PHRASES = new Set([...PHRASES].map((phrase) => phrase.slice(phrase.lastIndexOf(' ') + 1)))

/** How many words at the end are a legal form; the longest one counts. */
function formLength(words: readonly string[]): number {
  const last = words.at(-1) ?? ''
  if (!isLetter(last) && !FORMS.has(last) && !LAST_OF_PHRASES.has(last)) return 0
  for (let length = Math.min(LONGEST_FORM, words.length); length > 0; length--)
    if (isForm(words.slice(-length))) return length
  return 0
}

/** The words without legal forms; none is left of a name that is nothing else. */
function ownWords(name: string): readonly string[] {
  let words: readonly string[] = wordsOf(name)
  for (;;) {
    // `GmbH & Co. KG` leaves an `and` behind.
    const last = words.at(-1) === 'and' ? 1 : formLength(words)
    if (last > 0) words = words.slice(0, -last)
    else if (BEFORE.has(words[0] ?? '')) words = words.slice(1)
    else return words
  }
}

/** `null`: the name says nothing, as `Pty Ltd` or an empty one. */
export function nameKey(name: string): NameKey | null {
  const words = joinLetters(ownWords(name))
  return words.length === 0 ? null : (words.join(' ') as NameKey)
}

/** What is its own key, as nearly all of PRISM's are. */
const PLAIN_DOMAIN = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.[a-z]{2,}$/

/** Of a domain, a host, an e-mail address or the whole address of a website; `null` where it is none of them. */
export function domainKey(text: string): DomainKey | null {
  if (PLAIN_DOMAIN.test(text) && !/^www\.|xn--/.test(text)) return text as DomainKey
  const [host = ''] = text
    .trim()
    .replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/|^mailto:/i, '')
    .split(/[/?#\s]/)
  const domain = URL.parse(`http://${host}`)?.hostname.replace(/^www\.|\.+$/g, '') ?? ''
  return /^[a-z0-9_.-]+\.[a-z][a-z0-9-]+$/.test(domain) ? (domain as DomainKey) : null
}

/**
 * The word to search with: the first that says something, so that a name is found that is written a little differently. As it is
 * written, since a search may tell accents apart.
 */
export function searchWord(name: string): string {
  const own = ownWords(name).filter((word) => !isLetter(word))
  const written = name.split(NO_WORD).find((word) => own.includes(plain(word)))
  return written ?? own[0] ?? name.trim()
}
