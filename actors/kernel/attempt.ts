import { err, ok, type Result } from '#contract/result.ts'

/** A throw or rejection of code that is not ours to trust, as a value. `act` itself begins at once. */
export async function attempt<T>(act: () => T | Promise<T>): Promise<Result<T, unknown>> {
  try {
    return ok(await act())
  } catch (fault) {
    return err(fault)
  }
}
