/** How far a replay has come. */
export type Progress = {
  readonly ballots: number
  readonly ballotsTogether: number
  readonly committees: number
  readonly committeesTogether: number
  readonly elapsed_ms: number
}

const bar_characters = 28
const terminal_ms = 250
const plain_ms = 10_000

const figure = (value: number) => Math.round(value).toLocaleString('en-US')

/** `m:ss` */
export function clockTime(time_ms: number): string {
  const time_s = Math.round(time_ms / 1_000)
  return `${Math.floor(time_s / 60)}:${String(time_s % 60).padStart(2, '0')}`
}

export const rate_per_s = (count: number, elapsed_ms: number): number => (elapsed_ms > 0 ? (count * 1_000) / elapsed_ms : 0)

export function progressLine({ ballots, ballotsTogether, committees, committeesTogether, elapsed_ms }: Progress): string {
  const part = ballotsTogether === 0 ? 1 : ballots / ballotsTogether
  const full = Math.floor(part * bar_characters)
  const rate = rate_per_s(ballots, elapsed_ms)
  const left = rate > 0 ? `${clockTime(((ballotsTogether - ballots) * 1_000) / rate)} left` : ''
  return [
    `${'█'.repeat(full)}${'░'.repeat(bar_characters - full)} ${String(Math.floor(part * 100)).padStart(3)} %`,
    `${figure(ballots)} of ${figure(ballotsTogether)} ballots`,
    `${committees} of ${committeesTogether} committees`,
    `${figure(rate)}/s`,
    left,
  ]
    .filter((field) => field !== '')
    .join('  ')
}

/** Shows it until disposed: one line drawn over and over on a terminal, a line now and then elsewhere. */
export function showProgress(read: () => Progress, out: NodeJS.WriteStream): Disposable {
  const draw = () => out.write(out.isTTY ? `\r\x1b[K${progressLine(read()).slice(0, out.columns - 1)}` : `${progressLine(read())}\n`)
  const timer = setInterval(draw, out.isTTY ? terminal_ms : plain_ms)
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      draw()
      if (out.isTTY) out.write('\n')
    },
  }
}
