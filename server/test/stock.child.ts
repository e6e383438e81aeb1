import { Redis } from '@hocuspocus/extension-redis'
import { Server } from '@hocuspocus/server'

// The control of the cluster's fault tests: Hocuspocus as it comes, with its own way between processes, and nothing of ours.

const [port = 0, redisPort = 0] = process.argv.slice(2).map(Number)
const server = new Server({ port, address: '127.0.0.1', quiet: true, extensions: [new Redis({ host: '127.0.0.1', port: redisPort })] })
await server.listen()
console.log('listening')
