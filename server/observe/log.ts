import pino, { type Logger } from 'pino'
import type { Config } from '../config.ts'

/** JSON lines; pretty where a person reads them, on a terminal. What might hold a secret is never passed to it in the first place. */
export function makeLog({ logLevel, instance }: Pick<Config, 'logLevel' | 'instance'>): Logger {
  const transport = process.stdout.isTTY
    ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname,instance', translateTime: 'HH:MM:ss.l' } } }
    : {}
  return pino({ level: logLevel, base: { instance }, serializers: { fault: pino.stdSerializers.err }, ...transport })
}
