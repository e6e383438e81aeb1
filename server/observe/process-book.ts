import type { Cancel, Clock } from '#actors/kernel/clock.ts'
import { heard_ms, type Processes, type ProcessFigures } from '../storage/processes.ts'

export type ProcessBookPorts = {
  readonly processes: Processes
  readonly instance: string
  readonly clock: Clock
  readonly figures: () => ProcessFigures
}

/** Says every few seconds what this process has open, so that any of them can answer for all. */
export class ProcessBook {
  readonly #ports: ProcessBookPorts
  #timer: Cancel = () => {}
  #closed = false
  #saving: Promise<unknown> = Promise.resolve()

  constructor(ports: ProcessBookPorts) {
    this.#ports = ports
    void this.#write()
  }

  /** Said at once: whoever asks wants to know it now. */
  async sayNow(): Promise<void> {
    const { processes, instance, figures } = this.#ports
    this.#saving = processes.save(instance, figures())
    await this.#saving
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#timer()
    await this.#saving
    await this.#ports.processes.forget(this.#ports.instance).catch(() => {}) // unheard, it is not counted soon
  }

  async #write(): Promise<void> {
    await this.sayNow()
    if (!this.#closed) this.#timer = this.#ports.clock.after(heard_ms, () => void this.#write())
  }
}
