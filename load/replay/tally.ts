import type pg from 'pg'
import type * as Y from 'yjs'
import { ballotsRoot, tallySheet } from '#contract/document/ballots.ts'
import type { OverviewAnswer } from '#contract/events.ts'
import type { CommitteeSummary } from '#contract/summary.ts'
import { ballotsIn, mergedOf } from '../driver/oracle.ts'
import type { CommitteeResult, Results } from './results.ts'

/** Votes per candidate number, and how many ballots they come from. */
export type Counted = { readonly ballots: number; readonly votes: ReadonlyMap<number, number> }
type Source = 'server' | 'client' | 'journal' | 'overview'

/** One figure that is not what the file says. */
export type Difference = {
  readonly committee: string
  readonly source: Source
  /** A candidate's name, or what else is counted. */
  readonly what: string
  readonly expected: number
  readonly found: number
}

export const sheet = 'A'

/** One ballot a vote. */
function fromFile({ votes }: CommitteeResult): Counted {
  return { ballots: [...votes.values()].reduce((sum, count) => sum + count, 0), votes }
}

/** By the function that server and app count with, over the document the server gives. */
export function byContract(doc: Y.Doc): Counted {
  const { ballots, votes } = tallySheet(ballotsRoot(doc), sheet)
  return { ballots, votes }
}

/** By hand: plain Yjs and nothing of ours. */
export function byHand(doc: Y.Doc): Counted {
  const standing = ballotsIn(doc, sheet).filter(({ struck }) => !struck)
  const votes = new Map<number, number>()
  for (const candidate of standing.flatMap(({ choices }) => choices ?? [])) votes.set(candidate, (votes.get(candidate) ?? 0) + 1)
  return { ballots: standing.length, votes }
}

/** From rows of the journal, in order. A row that is missing takes what is built on it with it, and so shows in the figures. */
export const byRows = (rows: readonly Uint8Array[]): Counted => byHand(mergedOf(rows))

export async function journalRows(sql: pg.Client, committee: string): Promise<readonly Uint8Array[]> {
  const { rows } = await sql.query<{ update: Buffer }>('select update from journal where committee_id = $1 order by sequence', [committee])
  return rows.map(({ update }) => new Uint8Array(update))
}

/** Longest wait for the summaries of the last rows. */
const summaries_ms_max = 60_000

/** By the committees' summaries, as a supervisor's page has them, once they are of the journal's last rows. By committee's id. */
export async function byOverview(
  { url, token, sql }: { readonly url: string; readonly token: string; readonly sql: pg.Client },
  committees: readonly string[],
): Promise<ReadonlyMap<string, Counted>> {
  const heads = await sql.query<{ id: string; head: string }>('select id, head_sequence as head from committees where id = any ($1)', [
    committees,
  ])
  const end_ms = performance.now() + summaries_ms_max
  for (;;) {
    const answer = await fetch(`${url}/api/overview`, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`the overview: ${answer.status} ${await answer.text()}`)
    const { committees: lines } = (await answer.json()) as OverviewAnswer
    const summaries = new Map(lines.map(({ entry, summary }) => [entry.id as string, summary]))
    const isBehind = heads.rows.some(({ id, head }) => (summaries.get(id)?.sequence ?? 0) < Number(head))
    if (!isBehind || performance.now() > end_ms) return new Map(committees.map((id) => [id, summed(summaries.get(id))]))
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

function summed(summary: CommitteeSummary | undefined): Counted {
  const { ballots = 0, votes = {} } = summary?.sheets[sheet] ?? {}
  return { ballots, votes: new Map(Object.entries(votes).map(([candidate, count]) => [Number(candidate), count])) }
}

/** Every figure of a tally that differs from the file's, candidates the file does not know among them. */
export function differences(
  committee: CommitteeResult,
  candidates: Results['candidates'],
  source: Difference['source'],
  counted: Counted,
): readonly Difference[] {
  const expected = fromFile(committee)
  const names = new Map(candidates.map(({ number, name }) => [number, name]))
  const numbers = [...new Set([...expected.votes.keys(), ...counted.votes.keys()])].sort((a, b) => a - b)
  const figures = [
    ...numbers.map((number) => ({
      what: names.get(number) ?? `candidate ${number}`,
      expected: expected.votes.get(number) ?? 0,
      found: counted.votes.get(number) ?? 0,
    })),
    { what: 'ballots', expected: expected.ballots, found: counted.ballots },
  ]
  return figures
    .filter((figure) => figure.expected !== figure.found)
    .map((figure) => ({ committee: `${committee.code} ${committee.name}`, source, ...figure }))
}
