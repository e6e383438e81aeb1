/** Which digits figures are shown in: `latn` 0 1 2, `arab` ٠ ١ ٢. */
export type Digits = 'latn' | 'arab'

const zeros = { arabicIndic: 0x0660, persian: 0x06f0 } as const

/** Arabic-Indic and Persian digits as Latin ones; everything else as it is. */
export function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => {
    const code = digit.charCodeAt(0)
    return String(code - (code >= zeros.persian ? zeros.persian : zeros.arabicIndic))
  })
}

/** Every digit of a text in the chosen set, so that no screen shows both: codes, places, what is being typed. */
export function inDigits(text: string, digits: Digits): string {
  const latin = latinDigits(text)
  return digits === 'latn' ? latin : latin.replace(/\d/g, (digit) => String.fromCharCode(zeros.arabicIndic + Number(digit)))
}

/** What a number field keeps of what was typed or pasted: at most `length_max` Latin digits, without leading zeros. */
export function digitsTyped(text: string, length_max: number): string {
  return latinDigits(text).replace(/\D/g, '').replace(/^0+/, '').slice(0, length_max)
}

/** A whole number of 1 or more from typed digits of any set; undefined for anything else. */
export function wholeNumber(text: string): number | undefined {
  const latin = latinDigits(text.trim())
  return /^[1-9]\d{0,14}$/.test(latin) ? Number(latin) : undefined
}
