import { expect, test } from 'vitest'
import { TokenBucket } from './bucket.ts'

function makeBucket(per_s: number, burst: number) {
  let now_ms = 1_000_000
  const bucket = new TokenBucket({ now_ms: () => now_ms }, per_s, burst)
  return {
    bucket,
    pass: (span_ms: number) => {
      now_ms += span_ms
    },
  }
}

test('[S1] lets through its burst, then its rate, and saves up no more than the burst', () => {
  const { bucket, pass } = makeBucket(10, 3)
  const takeAll = () => {
    let count = 0
    for (; bucket.isOpen; count += 1) bucket.take(1)
    return count
  }
  expect(takeAll()).toBe(3)
  pass(100)
  expect(takeAll()).toBe(1)
  pass(250)
  expect(takeAll()).toBe(2)
  pass(50)
  expect(takeAll()).toBe(1)
  pass(3_600_000)
  expect([bucket.isFull, takeAll()]).toEqual([true, 3])
})

test('[S1] one cost may leave a debt, and the debt is waited for: after wait_ms it is open, and not before', () => {
  const { bucket, pass } = makeBucket(10, 3)
  expect(bucket.wait_ms()).toBe(0)
  bucket.take(8)
  expect([bucket.isOpen, bucket.wait_ms()]).toEqual([false, 600])
  pass(599)
  expect(bucket.isOpen).toBe(false)
  pass(1)
  expect([bucket.isOpen, bucket.isFull, bucket.wait_ms()]).toEqual([true, false, 0])
})
