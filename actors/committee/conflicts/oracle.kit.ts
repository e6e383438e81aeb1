// What there is to know of races, kept by the simulation itself: who wrote what, having which writes on the device, with which of
// them on the screen. It shares nothing with the detector, which sees the bytes of rows.

/** `over`: the write that stood on the device at that key. `knew`: every write that had come to the device, of all keys. */
export type Write = {
  readonly id: string
  readonly client: number
  readonly clock: number
  readonly place: string
  readonly value: unknown
  readonly by: number
  readonly over: Write | undefined
  readonly knew: ReadonlySet<Write>
}

export type Told = {
  /** The last writes of the branches. */
  readonly tips: readonly Write[]
  readonly resolved?: { readonly by: number; readonly at_s: number; readonly value: unknown }
}

/** What is to be said of a place, and whether that row made it so. */
export type Check = { readonly sequence: number; readonly place: string; readonly isRace: boolean; readonly says: Told | undefined }

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export class Oracle {
  readonly checks: Check[] = []
  private readonly writes = new Map<string, Write>()
  private readonly stood = new Map<string, Write>()
  private readonly told = new Map<string, Told>()
  /** Places whose entry stands in the document, open and as it is. */
  private readonly asked = new Set<string>()

  add(write: Write): void {
    this.writes.set(write.id, write)
  }

  named(id: string): Write | undefined {
    return this.writes.get(id)
  }

  says(place: string): Told | undefined {
    return this.told.get(place)
  }

  /** The entry as it is has been written into the document. */
  written(place: string): void {
    if (this.told.get(place)?.resolved === undefined) this.asked.add(place)
    else this.asked.delete(place)
  }

  /** The writes that a row brought, and what stands behind it. */
  row(sequence: number, writes: readonly Write[], mayDecide: boolean, standing: (place: string) => Write | undefined, now_s: number): void {
    for (const [place, fresh] of Map.groupBy(writes, (write) => write.place)) {
      this.check(sequence, place, fresh, mayDecide && this.asked.has(place), now_s)
      const stands = standing(place)
      if (stands !== undefined) this.stood.set(place, stands)
    }
  }

  /** Not in the document until it is written there. */
  private tell(place: string, told: Told): void {
    this.told.set(place, told)
    this.asked.delete(place)
  }

  private check(sequence: number, place: string, fresh: readonly Write[], mayAnswer: boolean, at_s: number): void {
    const stood = this.stood.get(place)
    const told = this.told.get(place)
    const open = told?.resolved === undefined ? told : undefined
    // By what had come to the writers' devices, and nothing else.
    const isRace = fresh.some(
      (write) =>
        (stood !== undefined && !write.knew.has(stood)) ||
        fresh.some((other) => other !== write && !write.knew.has(other) && !other.knew.has(write)),
    )
    const covered = (write: Write): boolean => fresh.some(({ over }) => over === write)
    const tips = fresh.filter((write) => !covered(write)).sort((a, b) => a.client - b.client || a.clock - b.clock)
    const after = [...(open?.tips ?? (stood === undefined ? [] : [stood])).filter((write) => !covered(write)), ...tips]
    const last = tips.at(-1)
    const areOne = after.every(({ value }) => same(value, last?.value))
    let first = last
    while (first?.over !== undefined && fresh.includes(first.over)) first = first.over
    const isAnswer = mayAnswer && tips.length === 1 && first?.over === stood
    if (last !== undefined) {
      if (open !== undefined && (areOne || isAnswer)) {
        this.tell(place, { tips: open.tips, resolved: { by: last.by, at_s, value: last.value } })
      } else if (!areOne) this.tell(place, { tips: after })
    }
    this.checks.push({ sequence, place, isRace, says: this.told.get(place) })
  }
}
