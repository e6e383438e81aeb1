import { say } from '../i18n/say.tsx'
import type { AdminFailure } from '../sync/admin.ts'

/** Why it was not done, in words. */
export function failureSaid(code: AdminFailure) {
  if (code === 'offline') return say('refusal.offline')
  if (code === 'forbidden') return say('refusal.not_allowed')
  if (code === 'taken') return say('adm.login_taken')
  if (code === 'gone') return say('adm.gone')
  if (code === 'malformed') return say('adm.malformed')
  return code === 'store-unavailable' || code === 'draining' || code === 'overloaded' ? say('refusal.busy') : say('refusal.other')
}
