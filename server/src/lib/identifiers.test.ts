import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifiersIn, type Rule, wordsOf } from './identifiers.ts'

const NOW = Date.UTC(2026, 10, 23)

const HARMLESS: readonly string[] = [
  'AAA 42 since 11:58',
  'AAA:42@2100A/R on 12 of 14 transactions',
  'They confirmed the outage, expected back by 14:30 ET on 2026-11-23.',
  'Began 2026-11-23T11:58:03.120Z, seen again 11/23/2026 and 11/23/26, and on 23.11.2026',
  'Nov 23, 2026: maintenance until 24 November 2026',
  'Announced 2025-12-30 for 20261123',
  'INC0012345 is open with them, CHG0030001 and RITM0099887 follow',
  'Remedy INC000012345678, their case CASE-0048211',
  'ABC-1234 in our tracker, see https://status.example.com/incidents/x7k2m9?lang=en#top',
  'http://127.0.0.1:8080/api/v1/incidents?open=true',
  'inc_01M84J2AMV0E43D87Z4DPK7H6F again; window mw_01M84J2AMV0E43D87Z4DPK7H6F',
  'request 60c08fc8-ed8f-4d63-9205-f7008c3cc400 in their log',
  'payer 60054 and 87726 answer 503, 270/271 and 276/277 alike',
  'TA1 023, 999 R, E4; p90 812.4 ms of 1,440 probes; host 10.20.30.40 via AS 64512',
  'claims 837 are slow, claim status is fine, patient search answers 504',
  'member portal is down; auth: OAuth answers 401',
  'Born of a bad deploy at 3 am. Call their desk, extension 4411.',
  'TLS 1.3, FHIR 4.0.1, build 2.14.20260301',
  'Ünïcode – fine… “quoted” 👍 日本語',
  '',
]

const HOSTILE: readonly [text: string, rule: Rule, at: string][] = [
  ['SSN 123-45-6789 fails', 'social_security_number', '123-45-6789'],
  ['123 45 6789', 'social_security_number', '123 45 6789'],
  ['１２３-４５-６７８９', 'social_security_number', '１２３-４５-６７８９'],
  ['١٢٣-٤٥-٦٧٨٩', 'social_security_number', '١٢٣-٤٥-٦٧٨٩'],
  ['𝟏𝟐𝟑-𝟒𝟓-𝟔𝟕𝟖𝟗', 'social_security_number', '𝟏𝟐𝟑-𝟒𝟓-𝟔𝟕𝟖𝟗'],
  ['123‑45‑6789', 'social_security_number', '123‑45‑6789'],
  ['12\u200b3-4\u00ad5-6789', 'social_security_number', '12\u200b3-4\u00ad5-6789'],
  ['123\u00a045\u00a06789', 'social_security_number', '123\u00a045\u00a06789'],
  ['id 123456789', 'member_id', '123456789'],
  ['for 1EG4-TE5-MK73', 'medicare_id', '1EG4-TE5-MK73'],
  ['for 1eg4te5mk73 again', 'medicare_id', '1eg4te5mk73'],
  ['seen with W123456789', 'member_id', 'W123456789'],
  ['XYZ987654321 gets 75', 'member_id', 'XYZ987654321'],
  ['ABC-12345678', 'member_id', 'ABC-12345678'],
  ['member id: AB12345', 'member_id', 'member id: AB12345'],
  ['Subscriber #A1234567', 'member_id', 'Subscriber #A1234567'],
  ['MRN=0012345', 'member_id', 'MRN=0012345'],
  ['claim 2026032312345 rejected', 'member_id', 'claim 2026032312345'],
  ['DOB 01/02/1980', 'date_of_birth', '01/02/1980'],
  ['d.o.b.: 2026-01-02', 'date_of_birth', '2026-01-02'],
  ['born on 3 March 2026', 'date_of_birth', '3 March 2026'],
  ['patient 1980-01-02', 'date_of_birth', '1980-01-02'],
  ['02.01.1980', 'date_of_birth', '02.01.1980'],
  ['1/2/80', 'date_of_birth', '1/2/80'],
  ['19800102', 'date_of_birth', '19800102'],
  ['January 2nd, 1980', 'date_of_birth', 'January 2nd, 1980'],
  ['2 Jan 1980', 'date_of_birth', '2 Jan 1980'],
  ['call (555) 123-4567', 'phone', '(555) 123-4567'],
  ['555.123.4567', 'phone', '555.123.4567'],
  ['1-555-123-4567', 'phone', '1-555-123-4567'],
  ['+49 30 1234567-8', 'phone', '+49 30 1234567-8'],
  ['5551234567', 'member_id', '5551234567'],
  ['write jane.doe+x@example.co.uk today', 'email', 'jane.doe+x@example.co.uk'],
  ['https://jane@example.com/x', 'email', 'jane@example.com'],
  ['jane＠example．com', 'email', 'jane＠example．com'],
  ['NPI 1234567893', 'npi', '1234567893'],
  ['card 4111 1111 1111 1111', 'card', '4111 1111 1111 1111'],
  ['4111-1111-1111-1111', 'card', '4111-1111-1111-1111'],
  ['378282246310005', 'card', '378282246310005'],
  ['https://portal.example/member/123456789/claims', 'member_id', '123456789'],
]

for (const text of HARMLESS)
  test(`nothing is found in: ${text}`, () => assert.deepEqual(identifiersIn(text, NOW), []))

for (const [text, rule, at] of HOSTILE)
  test(`${wordsOf(rule)} is found in: ${text}`, () => {
    const [first] = identifiersIn(text, NOW)

    const before = text.slice(0, text.indexOf(at))
    const from = [...before].length + 1
    assert.deepEqual(first, { rule, from, to: from + [...at].length - 1 })
  })

test('each of several is told, in their order, and no more than eight', () => {
  const two = identifiersIn('a@b.example is 123-45-6789', NOW)
  assert.deepEqual(
    two.map(({ rule }) => rule),
    ['email', 'social_security_number'],
  )
  assert.equal(identifiersIn('123-45-6789 '.repeat(40), NOW).length, 8)
})

test('the longest text is looked through in no time, however it is built', () => {
  const pieces = ['1', '1-', 'a@', 'a.', '+1 ', 'member ', 'W', '(555)', 'jan 1', '\u200b', 'A1-']
  for (const piece of pieces) identifiersIn(piece.repeat(500).slice(0, 500), NOW)
  for (const piece of pieces) identifiersIn(piece.repeat(20_000), NOW)
})
