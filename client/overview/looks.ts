import CheckCheckIcon from 'lucide-solid/icons/check-check'
import CircleDashedIcon from 'lucide-solid/icons/circle-dashed'
import ClipboardListIcon from 'lucide-solid/icons/clipboard-list'
import EqualNotIcon from 'lucide-solid/icons/equal-not'
import HandHelpingIcon from 'lucide-solid/icons/hand-helping'
import InboxIcon from 'lucide-solid/icons/inbox'
import LockIcon from 'lucide-solid/icons/lock'
import OctagonAlertIcon from 'lucide-solid/icons/octagon-alert'
import SettingsIcon from 'lucide-solid/icons/settings'
import SmartphoneIcon from 'lucide-solid/icons/smartphone'
import TriangleAlertIcon from 'lucide-solid/icons/triangle-alert'
import UserRoundXIcon from 'lucide-solid/icons/user-round-x'
import UsersIcon from 'lucide-solid/icons/users'
import VoteIcon from 'lucide-solid/icons/vote'
import type { CommitteeState } from '#contract/alarms.ts'
import { stamped } from '../design/stamped.ts'

// A sign, a word and a colour for each state, in that order: a screen works in grey.

export const People = stamped(UsersIcon)

/** `tone`: a class of tiles.css and needs.css. */
export const looks = {
  difference: { icon: stamped(OctagonAlertIcon), tone: 'differs' },
  nobody: { icon: stamped(UserRoundXIcon), tone: 'nobody' },
  check: { icon: stamped(TriangleAlertIcon), tone: 'fails' },
  conflict: { icon: stamped(EqualNotIcon), tone: 'warn' },
  aside: { icon: stamped(InboxIcon), tone: 'warn' },
  unsent: { icon: stamped(SmartphoneIcon), tone: 'here' },
  waiting: { icon: stamped(CircleDashedIcon), tone: 'here' },
  setup: { icon: stamped(SettingsIcon), tone: 'plain' },
  canvass: { icon: stamped(HandHelpingIcon), tone: 'plain' },
  polling: { icon: stamped(VoteIcon), tone: 'plain' },
  counting: { icon: stamped(ClipboardListIcon), tone: 'ink' },
  complete: { icon: stamped(CheckCheckIcon), tone: 'ok' },
  closed: { icon: stamped(LockIcon), tone: 'shut' },
} as const satisfies Record<CommitteeState, unknown>
