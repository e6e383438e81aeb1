import type { Colleague, Elector, RollAnswer } from '#contract/api.ts'
import type { CommitteeId } from '#contract/ids.ts'
import { err, ok, type Result } from '#contract/result.ts'
import type { FailureCode } from './api.ts'
import type { Inside } from './inside.ts'

/** `have` and `of` count electors while the roll is on its way. */
export type RollState =
  | { readonly state: 'loading'; readonly have: number; readonly of: number }
  | { readonly state: 'ready'; readonly electors: readonly Elector[] }
  | { readonly state: 'failed'; readonly code: string }

/** The roll counts; until it is here, what is `expected`. Electors struck from the roll are not registered. */
export function countRegistered(roll: RollState, expected: number): number {
  return roll.state === 'ready' ? roll.electors.reduce((sum, elector) => sum + Number(elector.active), 0) : expected
}

/** Where the roll is shown. `of`: electors to expect. `isShown`: the kept one stands there already. `meet`: somebody who works here. */
export type RollView = {
  readonly of: number
  readonly isShown: boolean
  readonly show: (roll: RollState) => void
  readonly meet: (colleague: Colleague) => void
}

/**
 * The kept roll first, so that the list is there without a network, then the server's if it has another. Answers whether the
 * server was asked and had its say; if not, the caller asks again when the line is back.
 */
export async function loadRoll(inside: Inside, committee: CommitteeId, view: RollView): Promise<boolean> {
  const { of, isShown, show, meet } = view
  const kept = await inside.keep.roll(committee)
  if (kept === undefined) show({ state: 'loading', have: 0, of })
  else if (!isShown) show({ state: 'ready', electors: kept.electors })
  const answer = await askRoll(inside, committee, kept?.etag, (have) => {
    if (kept === undefined) show({ state: 'loading', have: Math.min(have, of), of })
  })
  if (!answer.ok) {
    if (kept === undefined) show({ state: 'failed', code: answer.error })
    return false
  }
  if (answer.value !== 'unchanged') {
    const { electors, people, etag } = answer.value
    people.forEach(meet)
    show({ state: 'ready', electors })
    if (etag !== null) await inside.keep.putRoll({ committee, etag, electors })
  }
  return true
}

type Fetched = RollAnswer & { readonly etag: string | null }

async function askRoll(
  inside: Inside,
  committee: CommitteeId,
  etag: string | undefined,
  progress: (have: number) => void,
): Promise<Result<Fetched | 'unchanged', FailureCode>> {
  const headers = etag === undefined ? {} : { 'if-none-match': etag }
  const response = await inside.fetch(`/committees/${committee}/roll`, { headers, cache: 'no-store' })
  if (!response.ok) return err(response.error.code)
  if (response.value.status === 304) return ok('unchanged')
  try {
    const { electors, people } = JSON.parse(await readCounting(response.value, progress)) as RollAnswer
    return ok({ electors, people, etag: response.value.headers.get('etag') })
  } catch {
    return err('offline') // cut off in the middle of the body
  }
}

/** Reads the body and counts electors as they come: the size of a compressed answer is not known before. */
async function readCounting(response: Response, progress: (have: number) => void): Promise<string> {
  if (response.body === null) return response.text()
  const pieces: string[] = []
  let have = 0
  let tail = ''
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value)
    const text = tail + read.value
    have += text.split('"serial":').length - 1
    tail = text.slice(-('"serial":'.length - 1)) // a word cut in two is counted with the next piece
    progress(have)
  }
  return pieces.join('')
}
