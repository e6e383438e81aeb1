import { spawn } from 'node:child_process'

// The server, started anew at every change, and Vite with hot reload in front of it. Ends when either ends.
const env = { ...process.env, DEMO: process.env.DEMO ?? '1' }
const parts = [
  spawn(process.execPath, ['--watch', '--watch-preserve-output', 'server/main.ts'], { stdio: 'inherit', env }),
  spawn('vite', ['client'], { stdio: 'inherit', env }),
]
for (const part of parts) {
  part.on('exit', () => {
    for (const other of parts) other.kill('SIGTERM')
  })
}
