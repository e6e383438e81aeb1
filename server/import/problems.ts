import { cleanText } from '#contract/document/values.ts'
import { type ImportProblem, type ImportProblemCode, importProblemsShown_max } from '#contract/imports.ts'

const value_characters_max = 60

type Details = { readonly column?: string; readonly value?: string; readonly first_line?: number }

/** All that is wrong with a file: the first ones in full, all of them counted. */
export class Problems {
  readonly #found: ImportProblem[] = []
  #total = 0

  get total(): number {
    return this.#total
  }

  /** By line; of each, in the order found. */
  get shown(): readonly ImportProblem[] {
    return this.#found.toSorted((one, other) => one.line - other.line)
  }

  add(line: number, code: ImportProblemCode, { column, value, first_line }: Details = {}): void {
    this.#total += 1
    if (this.#found.length >= importProblemsShown_max) return
    // A password is told to nobody, not even to who has sent it: reports are copied into messages.
    const tellable = value !== undefined && value !== '' && column !== 'password'
    this.#found.push({
      line,
      code,
      ...(column === undefined ? {} : { column }),
      ...(tellable ? { value: cleanText(value, value_characters_max) } : {}),
      ...(first_line === undefined ? {} : { first_line }),
    })
  }
}
