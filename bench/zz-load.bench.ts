import { startDatabase } from './stage/database.ts'
import { startLargeAnswers } from './stage/large-answers.ts'
import { memoryRow } from './stage/memory.ts'
export default async function csv() {
  await using server = await startLargeAnswers(1_000_000)
  await using database = await startDatabase()
  const began = Date.now()
  const row = await memoryRow({ site: server.site, databaseUrl: database.url }, 'load', 'million', 200)
  console.log('took', Date.now() - began)
  return [row]
}
