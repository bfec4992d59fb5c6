import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { domainKey, nameKey, searchWord } from './names.ts'
import { baseNameArb, legalFormArb, punctuationArb } from './testing/names.ts'

const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

describe('the key of a name', () => {
  it.each([
    ['Coho Winery', 'coho winery'],
    ['  COHO   winery ', 'coho winery'],
    ['Coho Winery Pty Ltd', 'coho winery'],
    ['Coho Winery Pty. Limited', 'coho winery'],
    ['Coho Winery P/L', 'coho winery'],
    ['The Coho Winery Company, Inc.', 'coho winery'],
    ['Coho Winery Co., Ltd.', 'coho winery'],
    ['Coho Winery Sdn. Bhd.', 'coho winery'],
    ['Coho Winery Private Limited', 'coho winery'],
    ['PT Coho Winery Tbk', 'coho winery'],
    ['Coho Winery Company, The', 'coho winery'],
    ['Công ty Cổ phần Coho', 'coho'],
    ['Coho (Pvt) Ltd', 'coho'],
    ['Coho (P) Ltd', 'coho'],
    ['Coho PLT', 'coho'],
    ['Coho Winery GmbH & Co. KG', 'coho winery'],
    ['Coho Winery UG (haftungsbeschränkt)', 'coho winery'],
    ['Coho Winery B.V.', 'coho winery'],
    ['Coho Winery b v', 'coho winery'],
    ['Coho Winery S.A. de C.V.', 'coho winery'],
    ['Coho Winery S. de R.L. de C.V.', 'coho winery'],
    ['Coho Winery Sp. z o.o.', 'coho winery'],
    ['Coho Winery A/S', 'coho winery'],
    ['Coho-Winery', 'coho winery'],
    ['Smith & Sons', 'smith and sons'],
    ['O’Brien Söhne Straße', 'obrien sohne strasse'],
    ['Blåbærgrød ÆØ', 'blabaergrod aeo'],
    ['İstanbul Kafe', 'istanbul kafe'],
    ['J.P. Morgan', 'jp morgan'],
    ['J P Morgan', 'jp morgan'],
    ['Plan B B.V.', 'plan b'],
    ['Vitamin A S.A.', 'vitamin a'],
    ['コホ株式会社', 'コホ'],
    ['㈱コホ', 'コホ'],
    ['บริษัท โคโฮ จำกัด (มหาชน)', 'โคโฮ'],
    ['코호 주식회사', '코호'],
  ])('of %j is %j', (name, key) => {
    expect(nameKey(name)).toBe(key)
  })

  it.each(['', '   ', '–', 'Pty Ltd', 'The Company', 'GmbH & Co. KG', '&', '株式会社', 'Inc.'])(
    'is none where a name says nothing: %j',
    (name) => {
      expect(nameKey(name)).toBeNull()
    },
  )

  it.each([
    ['Coho Winery', 'Coho Wineries'],
    ['Coho Australia Pty Ltd', 'Coho New Zealand Ltd'],
    ['Coho Group', 'Coho'],
    ['Bliss Spa', 'Bliss'],
    ['かき', 'がき'],
    ['มา', 'ม้า'],
  ])('tells %j from %j', (one, other) => {
    expect(nameKey(one)).not.toBe(nameKey(other))
  })

  it('does not change with the legal form, the case, the accents or the punctuation', () => {
    const accented = (name: string): string => name.replace(/[aeiou]/g, (letter) => `${letter}\u0301`)
    fc.assert(
      fc.property(baseNameArb, legalFormArb, punctuationArb, (name, form, mark) => {
        const key = nameKey(name)
        expect(key).not.toBeNull()
        const others = [
          `${name} ${form}`,
          `${name}, ${form.toUpperCase()}`,
          name.toUpperCase(),
          accented(name),
          accented(name).normalize('NFC'),
          name.replaceAll(' ', mark),
          `${mark}${name}${mark}`,
        ]
        for (const other of others) expect(nameKey(other), other).toBe(key)
      }),
      seed,
    )
  })

  it('is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const key = nameKey(name)
        if (key !== null) expect(nameKey(key)).toBe(key)
      }),
      seed,
    )
  })
})

describe('the key of a domain', () => {
  it.each([
    ['coho.example', 'coho.example'],
    [' WWW.Coho.Example ', 'coho.example'],
    ['https://www.coho.example/about?x=1', 'coho.example'],
    ['http://user@coho.example:8080', 'coho.example'],
    ['info@coho.example', 'coho.example'],
    ['mailto:info@coho.example', 'coho.example'],
    ['coho.example:8080', 'coho.example'],
    ['//coho.example.', 'coho.example'],
    ['coho.onmicrosoft.com', 'coho.onmicrosoft.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
  ])('of %j is %j', (text, key) => {
    expect(domainKey(text)).toBe(key)
  })

  it.each(['', ' ', 'coho', 'Coho Winery', 'n/a', '10.0.0.1', 'http://', 'www.', '-', 'Coho Pty. Ltd'])(
    'is none of %j',
    (text) => {
      expect(domainKey(text)).toBeNull()
    },
  )
})

describe('any domain', () => {
  it('has one key, in whatever case, and with whatever address around it', () => {
    fc.assert(
      fc.property(
        fc.domain().filter((domain) => !domain.startsWith('www.')),
        (domain) => {
          const key = domainKey(domain)
          for (const other of [
            domain.toUpperCase(),
            `https://www.${domain}/a?b=c`,
            `${domain}.`,
            `x@${domain}`,
          ])
            expect(domainKey(other), other).toBe(key)
        },
      ),
      seed,
    )
  })
})

describe('the word to search with', () => {
  it.each([
    ['The Coho Winery Pty Ltd', 'Coho'],
    ['Müller & Söhne GmbH', 'Müller'],
    ['A. Datum Corporation', 'Datum'],
    ['J.P. Morgan', 'Morgan'],
    ['コホ株式会社', 'コホ'],
    ['Pty Ltd', 'Pty Ltd'],
    ['', ''],
  ])('of %j is %j', (name, word) => {
    expect(searchWord(name)).toBe(word)
  })
})
