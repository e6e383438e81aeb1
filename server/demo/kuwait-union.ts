import { assert } from '#contract/result.ts'
import type { DemoAssignment, DemoCandidate, DemoCommittee, DemoElection, DemoElector, DemoSite } from './election.ts'
import { demoLogins } from './logins.ts'
import { familyNames, menNames, womenNames } from './names.ts'
import { createRandom, type Random } from './random.ts'

type Site = DemoSite & { readonly units: readonly [string, ...string[]] }
/** `hall`: number of the room within its site. */
type Committee = { readonly number: number; readonly site: string; readonly hall: number; readonly electors: number }
type Unnumbered = Omit<DemoElector, 'serial' | 'mobile'>

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

/** Of 100 people: how many have at most this many name parts. */
const partsOfHundred = [
  { parts: 3, upTo: 8 },
  { parts: 4, upTo: 40 },
  { parts: 5, upTo: 71 },
  { parts: 6, upTo: 87 },
  { parts: 7, upTo: 96 },
  { parts: 8, upTo: 100 },
]
const womenOfHundred = 27
const mobilesOfHundred = 93

function drawParts(random: Random): number {
  const drawn = random.below(100)
  return partsOfHundred.find(({ upTo }) => drawn < upTo)?.parts ?? 8
}

/** Given name, fathers, family; from five parts on, a third carry the branch of the family before the family itself. */
function drawElector(random: Random, units: Site['units']): Unnumbered {
  const sex = random.below(100) < womenOfHundred ? 'f' : 'm'
  const parts = drawParts(random)
  const family = random.pickCommon(familyNames)
  const branch = random.pick(familyNames)
  const ending = parts >= 5 && random.below(3) === 0 && branch !== family ? [branch, family] : [family]
  const chain = [random.pickCommon(sex === 'f' ? womenNames : menNames)]
  while (chain.length < parts - ending.length) {
    const father = random.pickCommon(menNames)
    // A son is seldom named as his father is; his grandfather's name is common, so only the neighbour counts.
    if (father !== chain.at(-1)) chain.push(father)
  }
  return { name: [...chain, ...ending].join(' '), sex, family, unit: random.pick(units) }
}

/**
 * What a roll is sorted by: the Arabic alphabet, a hamza on any seat as ا, آ as two of them, ة as ت, ى as ي (so does
 * `Intl.Collator('ar')`, which a test compares; it is not used here because its order belongs to the ICU version, and the demo must
 * be the same everywhere). Unicode has the remaining letters in alphabetical order, and the space before them.
 */
function sortKey(name: string): string {
  return name
    .replace(/[ءأإؤئ]/g, 'ا')
    .replace(/آ/g, 'اا')
    .replace(/ة/g, 'ت')
    .replace(/ى/g, 'ي')
}

function byName(one: Unnumbered, other: Unnumbered): number {
  const [a, b] = [sortKey(one.name), sortKey(other.name)]
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Mobile of the n-th elector of the election: +965 5000 0001, 0002 … Well formed (eight digits that begin with a mobile network's 5),
 * and plainly not collected from anyone: they are counted up. Kuwait reserves no numbers for fiction, so never dial them.
 */
function syntheticMobile(nth: number): string {
  return `+9655000${String(nth).padStart(4, '0')}`
}

/** `before`: electors of the committees ahead of this one, so that no mobile appears twice. */
function makeCommittee(plan: Committee, units: Site['units'], before: number): DemoCommittee {
  // One stream a committee: a change to one roll leaves the others as they were.
  const random = createRandom(`kuwait-union ${plan.number}`)
  const people = Array.from({ length: plan.electors }, () => drawElector(random, units)).sort(byName)
  return {
    id: `u${String(plan.number).padStart(2, '0')}`,
    code: String(plan.number),
    name: `قاعة ${plan.hall}`,
    name_en: `Hall ${plan.hall}`,
    site: plan.site,
    electors: people.map((person, index) => ({
      serial: index + 1,
      ...person,
      mobile: random.below(100) < mobilesOfHundred ? syntheticMobile(before + index + 1) : null,
    })),
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

function makeAssignments(): readonly DemoAssignment[] {
  return demoLogins.flatMap(({ login, role }): readonly DemoAssignment[] => {
    if (login === 'outsider1' || role === 'administrator') return []
    if (role === 'supervisor') return supervisedSites.map((site) => ({ login, site }))
    return assignedCommittees.map((committee) => ({ login, committee }))
  })
}

/** The demo election of `make up`: a union of 8,719 in 13 rooms, already counting. The same on every call and every machine. */
export function kuwaitUnion(): DemoElection {
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
    assignments: makeAssignments(),
  }
}
