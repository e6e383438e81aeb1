import type { Neighbours } from './neighbours.ts'

/** Without Redis: other processes are followed by the journal, and their people are not seen. */
export function makeNoNeighbours(): Neighbours {
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
