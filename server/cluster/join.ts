import type { Logger } from 'pino'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Metrics } from '../observe/metrics.ts'
import { makeNeighbours, type Neighbours } from './neighbours.ts'
import type { WordKind } from './words.ts'

/** The way to other processes that is quicker than the journal, and the only one for presence. */
export function joinNeighbours({ redisUrl, instance }: Config, metrics: Metrics, log: Logger): Neighbours {
  if (redisUrl === undefined) return makeNoNeighbours()
  const onWord = (kind: WordKind, outcome: 'sent' | 'dropped') => metrics.broadcasts_total.inc({ kind, outcome })
  return makeNeighbours({ url: redisUrl, instance, clock: systemClock, log, onWord })
}

/** Without Redis: other processes are followed by the journal, and their people are not seen. */
function makeNoNeighbours(): Neighbours {
  let onHead: Parameters<Neighbours['open']>[0]['onHead'] = () => {}
  return {
    hold: () => {},
    head: (committee, sequence) => onHead(committee, sequence),
    onCommitted: () => {},
    presence: { publish: () => {} },
    announce: () => {},
    onAnnounce: () => {},
    open: (home) => {
      onHead = home.onHead
    },
    figures: () => ({ redis_up: 0, neighbours: 0 }),
    close: async () => {},
  }
}
