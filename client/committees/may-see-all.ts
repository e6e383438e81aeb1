import type { MeAnswer } from '#contract/api.ts'

/** Whoever answers for a committee, by the right `rule` as it was given, has the page of all of them. */
export const maySeeAll = ({ user, committees }: MeAnswer): boolean =>
  user.role === 'administrator' || committees.some(({ rights }) => rights.includes('rule'))
