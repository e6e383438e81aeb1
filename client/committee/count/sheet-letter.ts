import type { Sheet } from '#contract/ids.ts'
import { text } from '../../i18n/say.tsx'

/** The letter of a sheet as people call it. */
export const sheetLetter = (sheet: Sheet): string => text(`count.letter_${sheet}`)
