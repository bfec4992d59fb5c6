/** What the operator's commands take and say. */
import { resolve } from 'node:path'
import { ProductError } from '#lib/base/errors.ts'

/** The one file that the command line names. Throws `request-invalid` with the example where it names none, or several. */
export function fileAsked(example: string, words: readonly string[] = process.argv.slice(2)): string {
  const files = words.filter((word) => !word.startsWith('--'))
  const [file] = files
  if (file === undefined || files.length > 1)
    throw new ProductError('request-invalid', `Name one file: ${example}`)
  // npm runs its scripts in the folder of package.json; the file is meant from where it was called.
  return resolve(process.env['INIT_CWD'] ?? '.', file)
}

/** `1,234 rows of 3 organisations`, of the rows of each table. */
export function sumOf(rows: Readonly<Record<string, number>>): string {
  const all = Object.values(rows).reduce((sum, each) => sum + each, 0)
  const organisations = rows['public.organisations'] ?? 0
  const plural = organisations === 1 ? 'organisation' : 'organisations'
  return `${all.toLocaleString('en')} rows of ${organisations.toLocaleString('en')} ${plural}`
}
