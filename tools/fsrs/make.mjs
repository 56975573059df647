// SPDX-License-Identifier: GPL-3.0-or-later
// Development time only: random reviews as ts-fsrs 5.4.2 schedules them, for tests/app/study/fsrs_test.cpp.
//   npm ci && node make.mjs [FILE]     writes tests/app/study/fsrs_vectors.txt, or FILE
// Numbers come from a fixed seed, so the file is the same every time.
import {writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {FSRSVersion, createEmptyCard, default_w, fsrs} from 'ts-fsrs';

const SEQUENCES = 700, LENGTH = 16;
const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, '../../tests/app/study/fsrs_vectors.txt');

/// mulberry32: small, good enough, and the same everywhere.
let seed = 20240601;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const below = (count) => Math.floor(random() * count);
const pick = (choices) => choices[below(choices.length)];

/// Seconds until the next review: on time, within the minutes of a step, later the same day, a few
/// days, years late, or the day before it is due.
function wait(card, now) {
  const due = Math.max(0, Math.round((card.due - now) / 1000));
  switch (below(8)) {
    case 0: return below(120);
    case 1: return below(6 * 3600);
    case 2: return below(4 * 86400);
    case 3: return below(1500 * 86400);
    case 4: return Math.max(0, due - 86400 + below(7200));
    case 5: return due + below(20 * 86400);
    default: return due + below(3600);
  }
}

const lines = [
  `# ${FSRSVersion}, default weights, no fuzz, learning steps 1m 10m, relearning step 10m`,
  '# S RETENTION MAXIMUM_DAYS FIRST_REVIEW: a new card; times are seconds since 1970',
  '# GRADE WAIT PHASE STEP STABILITY DIFFICULTY DUE LAPSES: what came of it; DUE is seconds from the review on',
];
if (default_w.length !== 21) throw new Error('these are not the weights of FSRS-6');
for (let number = 0; number < SEQUENCES; ++number) {
  const retention = pick([0.7, 0.8, 0.85, 0.9, 0.9, 0.9, 0.95, 0.97]);
  const maximum = pick([36500, 36500, 36500, 365, 21]);
  const scheduler = fsrs({request_retention: retention, maximum_interval: maximum});
  // Some learners fail often, some hardly ever.
  const grades = pick([[1, 2, 3, 4], [3, 3, 3, 4, 2, 1], [3, 3, 4, 4], [1, 1, 2, 3]]);
  let now = 1.6e9 + below(3e8);
  let card = createEmptyCard(new Date(now * 1000));
  lines.push(`S ${retention} ${maximum} ${now}`);
  for (let review = 0; review < LENGTH; ++review) {
    const waited = review ? wait(card, new Date(now * 1000)) : 0;
    now += waited;
    const grade = pick(grades);
    card = scheduler.next(card, new Date(now * 1000), grade).card;
    const due = (card.due - now * 1000) / 1000;
    lines.push([grade, waited, card.state, card.learning_steps, card.stability, card.difficulty,
      due, card.lapses].join(' '));
  }
}
writeFileSync(output, lines.join('\n') + '\n');
console.log(`${SEQUENCES * LENGTH} transitions in ${output}`);
