/** A results file as it stands: what the replay has to reproduce to the vote. */
export type Results = {
  /** In the order of the file. */
  readonly committees: readonly CommitteeResult[]
  /** Numbered by first appearance. */
  readonly candidates: readonly { readonly number: number; readonly name: string; readonly party: string }[]
}

/** `votes`: candidate number → votes; candidates that the file does not name there have none. */
export type CommitteeResult = { readonly code: string; readonly name: string; readonly votes: ReadonlyMap<number, number> }

const columns = ['committee_code', 'committee_name', 'candidate', 'party', 'votes'] as const
type Line = Readonly<Record<(typeof columns)[number], string>>

/** Header row, comma or semicolon, quotes as usual, with or without BOM. Throws with every faulty line named: nothing is replayed of a file half read. */
export function parseResults(text: string): Results {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const separator = header.includes(';') ? ';' : ','
  const names = fieldsOf(header, separator)
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw new Error(`line 1: no column ${missing.join(', ')}`)
  const faults: string[] = []
  const committees = new Map<string, { code: string; name: string; votes: Map<number, number> }>()
  const candidates = new Map<string, Results['candidates'][number]>()
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const fields = fieldsOf(line, separator)
    const { committee_code, committee_name, candidate, party, votes } = Object.fromEntries(
      columns.map((column) => [column, fields[names.indexOf(column)]?.trim() ?? '']),
    ) as Line
    const fault = (what: string) => faults.push(`line ${index + 2}: ${what}`)
    if (fields.length === 0) fault('a quote does not end where its field does')
    else if (committee_code === '' || candidate === '') fault('committee_code and candidate must not be empty')
    else if (!/^\d{1,7}$/.test(votes)) fault(`votes must be a whole number, not "${votes}"`)
    else {
      const known = candidates.get(`${candidate}\n${party}`) ?? { number: candidates.size + 1, name: candidate, party }
      candidates.set(`${candidate}\n${party}`, known)
      const committee = committees.get(committee_code) ?? { code: committee_code, name: committee_name, votes: new Map() }
      committees.set(committee_code, committee)
      if (committee.votes.has(known.number)) fault(`${candidate} stands twice in ${committee_code}`)
      committee.votes.set(known.number, Number(votes))
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
  if (committees.size === 0) throw new Error('the file has no results')
  return { committees: [...committees.values()], candidates: [...candidates.values()] }
}

/** None where a quote does not end where its field does. */
function fieldsOf(line: string, separator: string): readonly string[] {
  const fields: string[] = []
  // A quoted field may hold separators and doubled quotes; another goes up to the next separator.
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}][^${separator}]*|))(?:${separator}|$)`, 'y')
  while (pattern.lastIndex <= line.length) {
    const match = pattern.exec(line)
    if (match === null) return []
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (!match[0].endsWith(separator)) break
  }
  return fields
}

export const votesTogether = ({ votes }: CommitteeResult): number => [...votes.values()].reduce((sum, count) => sum + count, 0)

/** The first so many committees, or those of the codes, in the order of the file; all of them where nothing is said. */
export function choose(results: Results, wanted: string | undefined): Results {
  if (wanted === undefined || wanted.trim() === '') return results
  if (/^\d+$/.test(wanted.trim())) return { ...results, committees: results.committees.slice(0, Number(wanted)) }
  const codes = wanted.split(',').map((code) => code.trim())
  const unknown = codes.filter((code) => results.committees.every((committee) => committee.code !== code))
  if (unknown.length > 0) throw new Error(`the file has no committee ${unknown.join(', ')}`)
  return { ...results, committees: results.committees.filter(({ code }) => codes.includes(code)) }
}
