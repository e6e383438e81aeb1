import { startEmbedded } from '#server/storage/embedded.ts'

// A process to be killed with -9: starts Postgres under the folder given, says where, and stays.
const silent = () => {}
const embedded = await startEmbedded({ dir: process.argv[2] ?? '', log: { info: silent, warn: silent, error: silent } })
console.log(JSON.stringify({ url: embedded.url, pid: embedded.pid }))
setInterval(silent, 60_000)
