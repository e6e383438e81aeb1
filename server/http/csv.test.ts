import { describe, expect, test } from 'vitest'
import { csvHead, csvLine } from './csv.ts'

const cell = (text: string) => csvLine([text]).slice(1, -3)

describe('what a spreadsheet would compute becomes text; its honest twin stays as it is', () => {
  test.each([
    ['=1+1', "'=1+1", 'x=1+1'],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", 'cmd'],
    ['+1+cmd', "'+1+cmd", '+96599001122'],
    ['-2+3+cmd', "'-2+3+cmd", '-5'],
    ['-1.5e', "'-1.5e", '-1.5'],
    ['@SUM(A1:A9)', "'@SUM(A1:A9)", 'somebody@example.org'],
    ['\t=1', "'=1", 'a b'],
    ['\r=1', "'=1", 'plain'],
    ['\n=1', "'=1", 'two lines'],
    ['   =1', "'=1", 'spaces = fine'],
    ['\u00A0=1', "'=1", 'عام = خاص'],
    ['\u200B=1', "'\u200B=1", 'ن\u200Cم'],
    ['\uFEFF=1', "'=1", 'منى'],
    ['\u202E=1', "'=1", 'ليلى'],
    ['＝1+1', "'＝1+1", '１+1'],
    ['＋1', "'＋1", '٣'],
    ['－1', "'－1", '2018–2026'],
    ['＠SUM', "'＠SUM", 'a＠b'],
    ['﹦1', "'﹦1", 'ب'],
    ['−1+cmd', "'−1+cmd", 'Al-Rashed'],
    ['a;=1+1', "a;'=1+1", 'a; b-c'],
    ['a;"=1+1', 'a;""\'=1+1', 'a;”b'],
  ])('%j', (attack, written, honest) => {
    expect(cell(attack)).toBe(written)
    expect(cell(honest)).toBe(honest)
  })

  test('a number of ours is a number, also a negative one', () => {
    expect(csvLine([-5, 0, 1.5, true, undefined, ''])).toBe('-5,0,1.5,true,,""\r\n')
  })
})

test('separators, quotes and line ends in a text end nothing', () => {
  expect(csvLine(['a,b', 'say "no"', 'one\r\ntwo', 'x;y'])).toBe('"a,b","say ""no""","one  two","x;y"\r\n')
})

test('control characters and marks of direction are taken out', () => {
  expect(cell('a\u0000b\u001b[31mc\u202Ed\u2066e')).toBe('a b [31mc d e')
})

test('the head says that it is UTF-8', () => {
  expect(csvHead(['الاسم', 'at'])).toBe('\uFEFF"الاسم","at"\r\n')
})
