import { assert } from '#contract/result.ts'
import type { DemoCandidate, DemoCommittee, DemoElection, DemoSite } from './election.ts'
import { makeRoll } from './electors.ts'
import { assignmentsTo, demoLogins } from './logins.ts'
import { createRandom } from './random.ts'

type Site = DemoSite & { readonly units: readonly [string, ...string[]] }
/** `hall`: number of the room within its site. */
type Committee = { readonly number: number; readonly site: string; readonly hall: number; readonly electors: number }

const sites: readonly Site[] = [
  {
    id: 'head-office',
    name: 'المبنى الرئيسي',
    name_en: 'Head office',
    units: ['الشؤون الإدارية', 'المالية', 'تقنية المعلومات', 'الموارد البشرية', 'المشتريات', 'التدريب'],
  },
  { id: 'workshops', name: 'الورش', name_en: 'Workshops', units: ['الصيانة', 'الورش', 'النقل', 'المخازن', 'الكهرباء'] },
  { id: 'harbour', name: 'الميناء', name_en: 'Harbour', units: ['الميناء', 'التصدير', 'العمليات البحرية', 'السلامة'] },
  { id: 'fields', name: 'الحقول', name_en: 'Fields', units: ['الحفر', 'الإنتاج', 'مراكز التجميع', 'المختبر', 'الإطفاء'] },
]

/** The shape of a real oil workers' election of 2025: 13 committees of 325 to 824, 8,719 together; the people are invented. */
const committees: readonly Committee[] = [
  { number: 1, site: 'head-office', hall: 1, electors: 803 },
  { number: 2, site: 'head-office', hall: 2, electors: 761 },
  { number: 3, site: 'head-office', hall: 3, electors: 689 },
  { number: 4, site: 'head-office', hall: 4, electors: 718 },
  { number: 5, site: 'workshops', hall: 3, electors: 702 },
  { number: 6, site: 'workshops', hall: 1, electors: 594 },
  { number: 7, site: 'workshops', hall: 2, electors: 676 },
  { number: 8, site: 'harbour', hall: 1, electors: 655 },
  { number: 9, site: 'harbour', hall: 2, electors: 612 },
  { number: 10, site: 'harbour', hall: 3, electors: 824 },
  { number: 11, site: 'fields', hall: 1, electors: 742 },
  { number: 12, site: 'fields', hall: 2, electors: 618 },
  { number: 13, site: 'fields', hall: 3, electors: 325 },
]

const sidra = { list: 'قائمة السدرة', list_en: 'Sidra list' }
const marsa = { list: 'قائمة المرسى', list_en: 'Marsa list' }

/** In the order of their numbers on the ballot: 1 to 15 Sidra, 16 to 30 Marsa. */
const candidateNames: readonly (readonly [name: string, name_en: string])[] = [
  ['فهد الراشد', 'Fahad Al-Rashed'],
  ['سالم المطيري', 'Salem Al-Mutairi'],
  ['خالد العنزي', 'Khaled Al-Enezi'],
  ['بدر الهاجري', 'Bader Al-Hajri'],
  ['يوسف الكندري', 'Yousef Al-Kandari'],
  ['طلال الدوسري', 'Talal Al-Dosari'],
  ['ماجد الشمري', 'Majed Al-Shammari'],
  ['نايف العجمي', 'Nayef Al-Ajmi'],
  ['حمد السبيعي', 'Hamad Al-Subaie'],
  ['جاسم الأنصاري', 'Jasem Al-Ansari'],
  ['وليد القحطاني', 'Waleed Al-Qahtani'],
  ['ناصر العازمي', 'Naser Al-Azmi'],
  ['عادل الصالح', 'Adel Al-Saleh'],
  ['مشعل الظفيري', 'Meshal Al-Dhafiri'],
  ['عبدالله البلوشي', 'Abdullah Al-Balushi'],
  ['محمد الفضلي', 'Mohammed Al-Fadhli'],
  ['أحمد الخالدي', 'Ahmad Al-Khaldi'],
  ['سعود الرشيدي', 'Saud Al-Rashidi'],
  ['علي المهنا', 'Ali Al-Muhanna'],
  ['عبدالرحمن التركي', 'A.rahman Al-Turki'],
  ['راشد المري', 'Rashed Al-Marri'],
  ['فيصل الحربي', 'Faisal Al-Harbi'],
  ['تركي الجاسم', 'Turki Al-Jasem'],
  ['حسين النجار', 'Hussain Al-Najjar'],
  ['منصور السهلي', 'Mansour Al-Sahli'],
  ['صالح العلي', 'Saleh Al-Ali'],
  ['عمر الياسين', 'Omar Al-Yaseen'],
  ['هاني الحداد', 'Hani Al-Haddad'],
  ['زيد المنصور', 'Zaid Al-Mansour'],
  ['ثامر الديحاني', 'Thamer Al-Daihani'],
]

/** Committee 7 is the one the design shows. The supervisor answers for two whole sites, everybody else for four rooms. */
const assignedCommittees = ['u01', 'u02', 'u03', 'u07']
const supervisedSites = ['head-office', 'workshops']

const womenOfHundred = 27
/** `before`: electors of the committees ahead of this one. */
function makeCommittee(plan: Committee, units: Site['units'], before: number): DemoCommittee {
  return {
    id: `u${String(plan.number).padStart(2, '0')}`,
    code: String(plan.number),
    name: `قاعة ${plan.hall}`,
    name_en: `Hall ${plan.hall}`,
    site: plan.site,
    // One stream a committee: a change to one roll leaves the others as they were.
    electors: makeRoll(createRandom(`kuwait-union ${plan.number}`), { electors: plan.electors, units, womenOfHundred, before }),
  }
}
function makeCommittees(): readonly DemoCommittee[] {
  const made: DemoCommittee[] = []
  let before = 0
  for (const plan of committees) {
    const site = sites.find(({ id }) => id === plan.site)
    assert(site, 'every committee of the demo is at one of its sites')
    made.push(makeCommittee(plan, site.units, before))
    before += plan.electors
  }
  return made
}

/** The demo election of `make up`: a union of 8,719 in 13 rooms, already counting. The same on every call and every machine. */
export function kuwaitUnion(): DemoElection & { readonly committees: readonly DemoCommittee[] } {
  return {
    id: 'kuwait-union',
    name: 'انتخابات نقابة العاملين',
    name_en: 'Workers’ union election',
    date: '2026-11-24',
    phase: 'counting',
    choices_per_ballot: 15,
    sites: sites.map(({ id, name, name_en }) => ({ id, name, name_en })),
    committees: makeCommittees(),
    candidates: candidateNames.map(
      ([name, name_en], index): DemoCandidate => ({ number: index + 1, name, name_en, ...(index < 15 ? sidra : marsa) }),
    ),
    users: demoLogins,
    assignments: assignmentsTo(assignedCommittees, supervisedSites),
  }
}
