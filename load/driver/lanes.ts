/**
 * Works through the items, at most `lanes` of them at once; each lane takes the next one as it becomes free. The first failure stops
 * the taking and is thrown, after what was begun has ended.
 */
export async function inLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item, lane: number) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const faults: unknown[] = []
  const walk = async (lane: number): Promise<void> => {
    for (let next = queue.next(); !next.done && faults.length === 0; next = queue.next()) {
      await work(next.value, lane).catch((fault: unknown) => faults.push(fault))
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => walk(lane)))
  if (faults.length > 0) throw faults[0]
}
