import { For } from 'solid-js'

// A wall of tallies behind the name, a little uneven, as drawn by hand. Fixed by a small seed: the same on every visit.
const columns = 6
const rows = 6
const step = { x: 65, y: 56 }

function unevenness(): (spread: number) => number {
  let seed = 7
  return (spread) => {
    seed = (seed * 16_807) % 2_147_483_647
    return (seed / 2_147_483_647 - 0.5) * 2 * spread
  }
}

function tallies(): string[] {
  const off = unevenness()
  const at = (value: number) => (value + off(1)).toFixed(1)
  return Array.from({ length: columns * rows }, (_, cell) => {
    const x = 9 + (cell % columns) * step.x
    const y = 11 + Math.floor(cell / columns) * step.y
    const upright = [0, 11, 22, 33].map((dx) => `M${at(x + dx)} ${at(y)}L${at(x + dx)} ${at(y + 34)}`)
    return `${upright.join('')}M${at(x - 7)} ${at(y + 28)}L${at(x + 39)} ${at(y + 8)}`
  })
}

export function Wall() {
  return (
    <svg class="wall" viewBox="0 0 390 342" preserveAspectRatio="xMidYMin slice" aria-hidden="true">
      <For each={tallies()}>{(path) => <path d={path} />}</For>
    </svg>
  )
}
