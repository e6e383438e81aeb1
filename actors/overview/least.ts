/**
 * A set of whole numbers that knows its least. Adding and taking away cost the logarithm of its size: a heap, in which what was taken
 * away stays until it comes to the top.
 */
export class LeastOf {
  readonly #members = new Set<number>()
  readonly #inHeap = new Set<number>()
  readonly #heap: number[] = []

  set(member: number, isIn: boolean): void {
    if (!isIn) {
      this.#members.delete(member)
      return
    }
    this.#members.add(member)
    if (this.#inHeap.has(member)) return
    this.#inHeap.add(member)
    this.#push(member)
  }

  get least(): number | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#members.has(top)) return top
      this.#inHeap.delete(top)
      this.#pop()
    }
    return undefined
  }

  #push(member: number): void {
    const heap = this.#heap
    let at = heap.push(member) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#at(parent) <= member) break
      heap[at] = this.#at(parent)
      at = parent
    }
    heap[at] = member
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const child = left + 1 < heap.length && this.#at(left + 1) < this.#at(left) ? left + 1 : left
      if (child >= heap.length || this.#at(child) >= last) break
      heap[at] = this.#at(child)
      at = child
    }
    heap[at] = last
  }

  #at(index: number): number {
    return this.#heap[index] as number
  }
}
