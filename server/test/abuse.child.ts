import { abuse, abuses, lurk } from './abuse.ts'

// Abuses a server until it is killed: in a process of its own, so that the honest people of the test do not wait for it.

/** `tokens`: of everybody but the hoarder, whose one token is used by as many. */
export type Orders = { readonly url: string; readonly tokens: readonly string[]; readonly hoarder: string; readonly lurkers: number }

const { url, tokens, hoarder, lurkers } = JSON.parse(process.argv[2] ?? '') as Orders

const kinds = Object.values(abuses)
for (const [index, token] of tokens.entries()) {
  // The last kind: one person with many sockets, who does nothing over them.
  const act = kinds[index % (kinds.length + 1)]
  void abuse(url, act === undefined ? hoarder : token, act ?? (() => {}))
}
for (let number = 0; number < lurkers; number += 1) void lurk(url)
