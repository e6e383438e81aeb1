// The life of the line to the server, as a table: a new phase or event does not compile until every cell is answered.
//
//   waiting ──due──► connecting ──synced──► online
//      ▲                 │ ▲                  │
//      └──────lost───────┘ └─renewed─ renewing ◄──unauthorized
//                                            barred, from anywhere ──► ended

export type LinkPhase = 'waiting' | 'connecting' | 'online' | 'renewing' | 'ended'

/**
 * `due`: the wait is over. `wake`: the network or the page is back. `doubt`: the browser says that the network is gone. `asked`: the person wants a new attempt. `lost`: the socket
 * closed, or went silent. `unauthorized`: the token was refused. `renewed`: a new one is there. `barred`: a no that time does
 * not change.
 */
export type LinkEvent = 'due' | 'wake' | 'doubt' | 'asked' | 'synced' | 'lost' | 'unauthorized' | 'renewed' | 'barred'

/** `connect` now; `wait` with growing delays; `renew` the token; `probe` whether anybody still answers, or answers `soon`; `stop` for good. */
export type LinkEffect = 'none' | 'connect' | 'wait' | 'renew' | 'probe' | 'soon' | 'stop'

export const linkSteps: Record<LinkPhase, Record<LinkEvent, readonly [LinkPhase, LinkEffect]>> = {
  waiting: {
    due: ['connecting', 'connect'],
    wake: ['connecting', 'connect'],
    doubt: ['waiting', 'none'],
    asked: ['connecting', 'connect'],
    synced: ['waiting', 'none'],
    lost: ['waiting', 'none'],
    unauthorized: ['waiting', 'none'],
    renewed: ['waiting', 'none'],
    barred: ['ended', 'stop'],
  },
  connecting: {
    due: ['connecting', 'none'],
    wake: ['connecting', 'none'],
    doubt: ['connecting', 'none'],
    asked: ['connecting', 'connect'],
    synced: ['online', 'none'],
    lost: ['waiting', 'wait'],
    unauthorized: ['renewing', 'renew'],
    renewed: ['connecting', 'none'],
    barred: ['ended', 'stop'],
  },
  online: {
    due: ['online', 'none'],
    wake: ['online', 'probe'],
    doubt: ['online', 'soon'],
    asked: ['connecting', 'connect'],
    synced: ['online', 'none'],
    lost: ['waiting', 'wait'],
    unauthorized: ['renewing', 'renew'],
    renewed: ['online', 'none'],
    barred: ['ended', 'stop'],
  },
  renewing: {
    due: ['renewing', 'none'],
    wake: ['renewing', 'none'],
    doubt: ['renewing', 'none'],
    asked: ['renewing', 'none'],
    synced: ['renewing', 'none'],
    lost: ['waiting', 'wait'],
    unauthorized: ['renewing', 'none'],
    renewed: ['connecting', 'connect'],
    barred: ['ended', 'stop'],
  },
  ended: {
    due: ['ended', 'none'],
    wake: ['ended', 'none'],
    doubt: ['ended', 'none'],
    asked: ['connecting', 'connect'],
    synced: ['ended', 'none'],
    lost: ['ended', 'none'],
    unauthorized: ['ended', 'none'],
    renewed: ['ended', 'none'],
    barred: ['ended', 'none'],
  },
}

export const delay_min_ms = 500
export const delay_max_ms = 10_000

/**
 * Wait before attempt n (0 is the first after a loss): anywhere between half a second and 1 s, 2 s, 4 s … 10 s. All phones of
 * a hall lose a restarting server in the same moment; the spread keeps them from coming back in one.
 */
export function backoff_ms(attempt: number, random: () => number): number {
  const ceiling = Math.min(delay_max_ms, 1_000 * 2 ** Math.min(attempt, 10))
  return Math.round(delay_min_ms + random() * (ceiling - delay_min_ms))
}
