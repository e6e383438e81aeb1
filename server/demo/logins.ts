import type { DemoAssignment, DemoLogin } from './election.ts'

/** The password of every demo login. It is printed on purpose: demo logins exist only where `DEMO=1`. */
export const demoPassword = 'lajna-demo'

/**
 * Who can try the demo: each role once or twice. All are assigned to the first committees of the demo election, but for
 * `outsider1`, who has a role with many rights and no committee to use them in.
 */
export const demoLogins = [
  { login: 'admin', name: 'نورة السالم', name_en: 'Noura Al-Salem', role: 'administrator' },
  { login: 'supervisor1', name: 'عبدالله الناصر', name_en: 'Abdullah Al-Naser', role: 'supervisor' },
  { login: 'coordinator1', name: 'منى العنزي', name_en: 'Muna Al-Enezi', role: 'coordinator' },
  { login: 'coordinator2', name: 'خالد المهنا', name_en: 'Khaled Al-Muhanna', role: 'coordinator' },
  { login: 'marker1', name: 'فاطمة الياسين', name_en: 'Fatma Al-Yaseen', role: 'marker' },
  { login: 'counter1', name: 'يوسف الصالح', name_en: 'Yousef Al-Saleh', role: 'counter' },
  { login: 'counter2', name: 'حصة الكندري', name_en: 'Hessa Al-Kandari', role: 'counter' },
  { login: 'collector1', name: 'سالم الدوسري', name_en: 'Salem Al-Dosari', role: 'collector' },
  { login: 'viewer1', name: 'ريم الشطي', name_en: 'Reem Al-Shatti', role: 'viewer' },
  { login: 'outsider1', name: 'ضاري الغانم', name_en: 'Dhari Al-Ghanim', role: 'coordinator' },
] as const satisfies readonly DemoLogin[]

/** Everybody to the same committees, a supervisor to whole sites; the administrator needs no assignment and the outsider gets none. */
export function assignmentsTo(committees: readonly string[], supervisedSites: readonly string[]): readonly DemoAssignment[] {
  return demoLogins.flatMap(({ login, role }): readonly DemoAssignment[] => {
    if (login === 'outsider1' || role === 'administrator') return []
    if (role === 'supervisor') return supervisedSites.map((site) => ({ login, site }))
    return committees.map((committee) => ({ login, committee }))
  })
}
