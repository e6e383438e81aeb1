// What makes two people look up from a table in a full hall.

const pulses_ms = [200, 100, 200, 100, 200]
const tone_hertz = 880
const tone_s = 0.35
const closed_after_ms = 1_000

/** Three pulses in the hand and one short sound, as far as the device has them and lets a page use them. */
export function alertHands(): void {
  navigator.vibrate?.(pulses_ms)
  try {
    const context = new AudioContext()
    const tone = context.createOscillator()
    const volume = context.createGain()
    tone.frequency.value = tone_hertz
    // Faded out: a tone that is cut clicks.
    volume.gain.setValueAtTime(0.25, context.currentTime)
    volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + tone_s)
    tone.connect(volume).connect(context.destination)
    tone.start()
    tone.stop(context.currentTime + tone_s)
    // By the clock: where the page may not sound yet, the tone never ends.
    setTimeout(() => void context.close(), closed_after_ms)
  } catch {
    // no sound on this device: what is on the screen says it
  }
}
