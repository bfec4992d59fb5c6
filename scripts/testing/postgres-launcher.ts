/** A process of its own for the tests that kill a launcher: starts PostgreSQL, says where, and stays. */
import { startPostgres } from '../postgres.ts'

const [dataDir] = process.argv.slice(2)
if (!dataDir || !process.send) throw new Error('Forked by a test, with the DATA_DIR')
const { url, adopted } = await startPostgres({ dataDir })
process.send({ url, adopted })
setInterval(() => {}, 60_000)
