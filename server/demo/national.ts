import { assert } from '#contract/result.ts'
import type { DemoCandidate, DemoCommittee, DemoElection, DemoSite } from './election.ts'
import { makeRoll } from './electors.ts'
import { assignmentsTo, demoLogins } from './logins.ts'
import { createRandom } from './random.ts'

/** The shape of Kuwait's parliamentary election of 2024: 834,733 electors, 764 committees, 123 schools. People and places are invented. */
const constituencies = [
  { id: 'c1', name: 'الدائرة الأولى', name_en: 'First constituency', committees: 94, sites: 15 },
  { id: 'c2', name: 'الدائرة الثانية', name_en: 'Second constituency', committees: 84, sites: 14 },
  { id: 'c3', name: 'الدائرة الثالثة', name_en: 'Third constituency', committees: 128, sites: 21 },
  { id: 'c4', name: 'الدائرة الرابعة', name_en: 'Fourth constituency', committees: 202, sites: 32 },
  { id: 'c5', name: 'الدائرة الخامسة', name_en: 'Fifth constituency', committees: 256, sites: 41 },
] as const
const seats = 10
const candidatesOfEach = 40
const electorsTogether = 834_733
const committeesTogether = 764
/** One room as large as they are in Egypt, for whoever wants to see what that does to a phone. */
const largest = { number: 500, electors: 6_600 }

/** Of 1,000 committees in the order of their size: the size at that place, straight lines between. */
const sizes = [
  { at: 0, electors: 300 },
  { at: 250, electors: 760 },
  { at: 500, electors: 1_000 },
  { at: 750, electors: 1_260 },
  { at: 950, electors: 2_100 },
  { at: 1_000, electors: 2_580 },
] as const

const roomsOfSite = { min: 2, max: 14 }

type District = readonly [name: string, name_en: string]
/** Five of each constituency, in its order. */
const districts: readonly District[] = [
  ...([
    ['النخيل', 'Nakheel'],
    ['الزهور', 'Zuhour'],
    ['المرسى', 'Marsa'],
    ['البستان', 'Bustan'],
    ['الربيع', 'Rabee'],
  ] as const),
  ...([
    ['السدرة', 'Sidra'],
    ['الياسمين', 'Yasmeen'],
    ['الغدير', 'Ghadeer'],
    ['الواحة', 'Waha'],
    ['الساحل', 'Sahel'],
  ] as const),
  ...([
    ['المنارة', 'Manara'],
    ['الريحان', 'Rayhan'],
    ['الصفاء', 'Safaa'],
    ['الفجر', 'Fajr'],
    ['الرابية', 'Rabiya'],
  ] as const),
  ...([
    ['الوادي', 'Wadi'],
    ['الندى', 'Nada'],
    ['البراري', 'Barari'],
    ['القمة', 'Qimma'],
    ['الشروق', 'Shurouq'],
  ] as const),
  ...([
    ['المروج', 'Murouj'],
    ['الخزامى', 'Khuzama'],
    ['اللؤلؤة', 'Lulua'],
    ['الميدان', 'Maydan'],
    ['الأمل', 'Amal'],
  ] as const),
]
const districtsOfEach = 5

const givenNames = [
  ...([
    ['فهد', 'Fahad'],
    ['سالم', 'Salem'],
    ['خالد', 'Khaled'],
    ['بدر', 'Bader'],
    ['يوسف', 'Yousef'],
  ] as const),
  ...([
    ['طلال', 'Talal'],
    ['نورة', 'Noura'],
    ['ماجد', 'Majed'],
    ['حمد', 'Hamad'],
    ['منى', 'Muna'],
  ] as const),
] as const
const familyNames = [
  ...([
    ['الراشد', 'Al-Rashed'],
    ['العنزي', 'Al-Enezi'],
    ['الكندري', 'Al-Kandari'],
    ['الدوسري', 'Al-Dosari'],
  ] as const),
  ...([
    ['الشمري', 'Al-Shammari'],
    ['العجمي', 'Al-Ajmi'],
    ['الأنصاري', 'Al-Ansari'],
    ['القحطاني', 'Al-Qahtani'],
  ] as const),
  ...([
    ['العازمي', 'Al-Azmi'],
    ['الصالح', 'Al-Saleh'],
    ['الظفيري', 'Al-Dhafiri'],
    ['البلوشي', 'Al-Balushi'],
  ] as const),
  ...([
    ['الفضلي', 'Al-Fadhli'],
    ['الخالدي', 'Al-Khaldi'],
    ['الرشيدي', 'Al-Rashidi'],
    ['المهنا', 'Al-Muhanna'],
  ] as const),
  ...([
    ['التركي', 'Al-Turki'],
    ['المري', 'Al-Marri'],
    ['الحربي', 'Al-Harbi'],
    ['الجاسم', 'Al-Jasem'],
  ] as const),
] as const

type Constituency = (typeof constituencies)[number]
type Site = DemoSite & { readonly constituency: string; readonly rooms: number; readonly district: string }

/** The same on every call and every machine. Its committees are made one at a time: together they are 830,000 people. */
export function national(): DemoElection {
  const sites = constituencies.flatMap((constituency, index) => sitesOf(constituency, index))
  return {
    id: 'national',
    name: 'انتخابات مجلس الأمة',
    name_en: 'National Assembly election',
    date: '2024-04-04',
    phase: 'counting',
    choices_per_ballot: 1,
    constituencies: constituencies.map(({ id, name, name_en }) => ({ id, name, name_en, seats })),
    sites: sites.map(({ id, name, name_en }) => ({ id, name, name_en })),
    committees: { [Symbol.iterator]: () => committeesOf(sites) },
    candidates: candidates(),
    users: demoLogins,
    assignments: assignmentsTo(
      [1, 2, 3, 4].map(committeeId),
      sites.slice(0, 2).map(({ id }) => id),
    ),
  }
}

const committeeId = (number: number) => `n${String(number).padStart(3, '0')}`

/** Schools of a constituency and how many rooms each has: two at least, the others as they fall. */
function sitesOf({ id, committees, sites }: Constituency, index: number): readonly Site[] {
  const random = createRandom(`national sites ${id}`)
  const rooms = Array.from({ length: sites }, () => roomsOfSite.min)
  for (let left = committees - sites * roomsOfSite.min; left > 0; ) {
    const place = random.below(sites)
    if ((rooms[place] ?? roomsOfSite.max) >= roomsOfSite.max) continue
    rooms[place] = (rooms[place] ?? 0) + 1
    left -= 1
  }
  return rooms.map((count, place) => {
    const [name, name_en] = districts[index * districtsOfEach + (place % districtsOfEach)] ?? ['', '']
    const number = Math.floor(place / districtsOfEach) + 1
    return {
      id: `${id}-${place + 1}`,
      name: `مدرسة ${name} ${number}`,
      name_en: `${name_en} school ${number}`,
      constituency: id,
      rooms: count,
      district: name,
    }
  })
}

/** Men and women vote in rooms of their own, in turn. */
function* committeesOf(sites: readonly Site[]): Generator<DemoCommittee, undefined> {
  const planned = plannedSizes()
  let number = 0
  let before = 0
  for (const site of sites) {
    for (let room = 1; room <= site.rooms; room += 1) {
      number += 1
      const electors = planned[number - 1] ?? 0
      const sex = room % 2 === 1 ? 'm' : 'f'
      yield {
        id: committeeId(number),
        code: String(number),
        name: `لجنة ${room} ${sex === 'm' ? 'رجال' : 'نساء'}`,
        name_en: `Room ${room}, ${sex === 'm' ? 'men' : 'women'}`,
        site: site.id,
        constituency: site.constituency,
        sex,
        electors: makeRoll(createRandom(`national ${number}`), {
          electors,
          units: [site.district],
          womenOfHundred: sex === 'm' ? 0 : 100,
          before,
        }),
      }
      before += electors
    }
  }
}

/** Electors of each committee, by number. Shuffled, so that the large ones are everywhere; together exactly as many as planned. */
function plannedSizes(): readonly number[] {
  const others = committeesTogether - 1
  const drawn = Array.from({ length: others }, (_, place) => sizeAt((place * 1_000) / (others - 1)))
  const short = electorsTogether - largest.electors - drawn.reduce((sum, size) => sum + size, 0)
  // What rounding and the straight lines leave over goes to everybody in equal parts.
  const part = (place: number) => Math.floor((short * place) / others)
  const fitted = drawn.map((size, place) => size + part(place + 1) - part(place))
  const random = createRandom('national sizes')
  for (let place = fitted.length - 1; place > 0; place -= 1) {
    const other = random.below(place + 1)
    const [one, two] = [fitted[place] ?? 0, fitted[other] ?? 0]
    fitted[place] = two
    fitted[other] = one
  }
  return fitted.toSpliced(largest.number - 1, 0, largest.electors)
}

function sizeAt(place: number): number {
  const above = sizes.find(({ at }) => place <= at)
  const below = sizes.findLast(({ at }) => at < place)
  assert(above, 'places end at 1,000')
  if (!below) return above.electors
  return Math.floor(below.electors + ((above.electors - below.electors) * (place - below.at)) / (above.at - below.at))
}

/** Every pair of a given name and a family is one candidate: no name stands twice. */
function candidates(): readonly DemoCandidate[] {
  return constituencies.flatMap(({ id }, index) =>
    Array.from({ length: candidatesOfEach }, (_, place): DemoCandidate => {
      const nth = index * candidatesOfEach + place
      const [given, given_en] = givenNames[nth % givenNames.length] ?? ['', '']
      const [family, family_en] = familyNames[(nth + Math.floor(nth / familyNames.length)) % familyNames.length] ?? ['', '']
      return {
        number: place + 1,
        name: `${given} ${family}`,
        name_en: `${given_en} ${family_en}`,
        list: 'مستقلون',
        list_en: 'Independents',
        constituency: id,
      }
    }),
  )
}
