import { type Accessor, createSignal, onCleanup } from 'solid-js'
import type { CurvePoint, OverviewAnswer } from '#contract/events.ts'
import { every } from '../clock.ts'
import { insideOf } from '../inside.ts'
import type { Session } from '../session.ts'
import { type Book, createBook } from './book.ts'
import { openLine } from './line.ts'

const tick_ms = 10_000
/** The curve has a step each ten minutes; what is newer, the figures themselves say. */
const curve_ms = 600_000

export type Watch = {
  readonly book: Book
  /**
   * `asking`: no picture yet; `live`: it is of now; `behind`: the server says that it does not hear all that count; `lost`: no line, and
   * what is shown is of `heard_ms`.
   */
  readonly line: Accessor<'asking' | 'live' | 'behind' | 'lost'>
  /** When the server was last heard, by its own clock. */
  readonly heard_ms: Accessor<number>
  /** The server's time, in steps; it stands still while the server is not heard: figures do not grow old by themselves. */
  readonly now_ms: Accessor<number>
  readonly curve: Accessor<readonly CurvePoint[]>
}

/**
 * The event stream, for as long as its owner is there: a page that shows it. `withCurve`: the course of the day as well, which is asked for apart. Not one for everybody who is signed in: in a committee the
 * document and its presence say all there is, and thousands of phones would hold a second line each to hear the same again.
 */
export function watchEvents(session: Session, { withCurve }: { readonly withCurve: boolean }): Watch {
  const inside = insideOf(session)
  const { clock } = inside
  const [line, setLine] = createSignal<ReturnType<Watch['line']>>('asking')
  const [heard_ms, setHeard] = createSignal(clock.now())
  const [now_ms, setNow] = createSignal(clock.now())
  const [curve, setCurve] = createSignal<readonly CurvePoint[]>([])
  let skew = 0
  let isDown = true
  const serverNow = () => (isDown ? heard_ms() : clock.now() + skew)
  const book = createBook(serverNow)

  const askCurve = async () => {
    const answer = await inside.fetch('/overview')
    const body = answer.ok ? ((await answer.value.json().catch(() => undefined)) as OverviewAnswer | undefined) : undefined
    if (body !== undefined) setCurve(body.curve)
  }
  const stream = openLine({
    clock,
    random: Math.random,
    fetch: inside.fetch,
    onOpen: (skew_ms) => {
      skew = skew_ms
      isDown = false
      setHeard(serverNow())
      setNow(serverNow())
      if (withCurve) void askCurve()
    },
    onHeard: () => setHeard(clock.now() + skew),
    onDown: () => {
      isDown = true
      setLine((before) => (before === 'asking' && book.ids().length === 0 && navigator.onLine ? before : 'lost'))
    },
    onRevoked: inside.refresh, // it asks who we are, hears that we are nobody, and shows the door
    onEvent: (event) => {
      if (event.type === 'overview') {
        book.overview(event.data)
        setLine(event.data.live ? 'live' : 'behind')
      } else if (event.type === 'presence') book.presence(event.data)
      else if (event.type === 'notice') book.notice(event.data)
    },
  })
  const stopTick = every(clock, tick_ms, () => {
    setNow(serverNow())
    if (!isDown) book.tick()
  })
  const stopCurve = every(clock, curve_ms, () => {
    if (withCurve && !isDown) void askCurve()
  })
  const goOn = () => stream.now()
  window.addEventListener('online', goOn)
  onCleanup(() => {
    window.removeEventListener('online', goOn)
    stopTick()
    stopCurve()
    stream.close()
  })
  return { book, line, heard_ms, now_ms, curve }
}
