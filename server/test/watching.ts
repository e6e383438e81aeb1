import type { Person } from '#load/driver/person.ts'

type State = { readonly user?: { readonly id: number; readonly name: string; readonly role: string } } & Record<string, unknown>

/** What somebody's unmodified provider shows of the others, by client. */
export const others = ({ doc, provider }: Person): Map<number, State> =>
  new Map([...(provider.awareness?.getStates() ?? [])].filter(([client]) => client !== doc.clientID))
export const stateOf = (watcher: Person, client: number): State | undefined => others(watcher).get(client)

/** Everything that is different for a watcher, in order: `+` came, `~` says something else, `-` left. */
export function diaryOf(watcher: Person): string[] {
  const diary: string[] = []
  watcher.provider.awareness?.on('change', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) => {
    for (const client of added) diary.push(`+${client}`)
    for (const client of updated) diary.push(`~${client}`)
    for (const client of removed) if (client !== watcher.doc.clientID) diary.push(`-${client}`)
  })
  return diary
}
