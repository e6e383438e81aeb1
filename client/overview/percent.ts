import { figure } from '../i18n/say.tsx'

/** 0.706 as 70.6%. */
export const percentOf = (share: number): string => `${figure(Math.round(share * 1_000) / 10)}%`
