// SPDX-License-Identifier: GPL-3.0-or-later
// Development time only: every formula of resources/lessons/*/*.md (notes, cards, demos) becomes one picture
// resources/formulas/<key>.svg, and index.json says which key belongs to which TeX source.
//   npm ci && node make.mjs            writes what is missing, deletes what no note uses
//   node make.mjs --check              only says whether anything would change (exit status 1)
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {liteAdaptor} from 'mathjax-full/js/adaptors/liteAdaptor.js';
import {RegisterHTMLHandler} from 'mathjax-full/js/handlers/html.js';
import {TeX} from 'mathjax-full/js/input/tex.js';
import 'mathjax-full/js/input/tex/ams/AmsConfiguration.js';
import 'mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js';
import {mathjax} from 'mathjax-full/js/mathjax.js';
import {SVG} from 'mathjax-full/js/output/svg.js';
import {clippedPath} from './clip.mjs';

const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const lessons = join(project, 'resources', 'lessons');
const output = join(project, 'resources', 'formulas');

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
// No `noundefined` and no `noerrors`: a mistake must stop here, not appear in red in a lesson.
const typesetter = mathjax.document('', {
  InputJax: new TeX({
    packages: ['base', 'ams', 'boldsymbol'],
    formatError: (_, error) => { throw error; },
  }),
  OutputJax: new SVG({fontCache: 'none'}),
});

/// One formula is its TeX source with runs of white space as one blank. The same rule is in
/// widgets/text/formulas.cpp.
const normal = (tex) => tex.replace(/\s+/g, ' ').trim();
const keyOf = (tex, display) =>
  createHash('sha256').update(`${display ? 'display' : 'inline'}\n${tex}`, 'utf8')
    .digest('hex').slice(0, 16);

function formulasIn(markdown) {
  const text = markdown.replace(/^(```|~~~)[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\$\$([^$]+)\$\$|\$([^$]+)\$/g)].map(
    ([, display, inline]) =>
      ({tex: normal(display ?? inline), display: display !== undefined}));
}

const KEPT = {
  g: ['transform'],
  path: ['d', 'transform'],
  rect: ['x', 'y', 'width', 'height', 'transform'],
  line: ['x1', 'y1', 'x2', 'y2', 'stroke-width', 'stroke-dasharray'],
};

function elementText(node) {
  const kind = adaptor.kind(node);
  if (kind === 'svg') return viewport(node);
  if (!KEPT[kind]) throw new Error(`<${kind}> cannot be drawn by the reader`);
  const attributes = KEPT[kind]
    .map((name) => [name, adaptor.getAttribute(node, name)])
    .filter(([, value]) => value);
  const inner = adaptor.childNodes(node).map(elementText).join('');
  if (kind === 'g' && !inner) return '';
  if (kind === 'g' && !attributes.length) return inner;
  const start = `<${kind}${attributes.map(([name, value]) => ` ${name}="${value}"`).join('')}`;
  return inner ? `${start}>${inner}</${kind}>` : `${start}/>`;
}

/// A nested <svg> as a group that holds only what its window shows.
function viewport(node) {
  const number = (name) => Number(adaptor.getAttribute(node, name) ?? 0);
  const [left, top, width, height] = adaptor.getAttribute(node, 'viewBox').split(' ').map(Number);
  if (Math.abs(width - number('width')) > 1 || Math.abs(height - number('height')) > 1)
    throw new Error('a nested <svg> that scales is not handled (an equation number, perhaps)');
  const box = {left, top, right: left + width, bottom: top + height};
  const paths = adaptor.childNodes(node).map((child) => {
    const transform = adaptor.getAttribute(child, 'transform') ?? 'scale(1)';
    const scale = transform.match(/^scale\(([-\d.]+)(?:[ ,]+([-\d.]+))?\)$/);
    if (adaptor.kind(child) !== 'path' || !scale)
      throw new Error('a nested <svg> that is not one stretched glyph');
    const [scaleX, scaleY] = [Number(scale[1]), Number(scale[2] ?? scale[1])];
    return clippedPath(adaptor.getAttribute(child, 'd'), scaleX, scaleY, box);
  });
  const [x, y] = [number('x') - left, number('y') - top].map(
    (value) => Math.round(value * 10) / 10);
  return `<path d="${paths.join('')}" transform="translate(${x},${y})"/>`;
}

/// The view box is in thousandths of an em with the baseline at y = 0.
function picture({tex, display}) {
  const svg = adaptor.firstChild(
    typesetter.convert(tex, {display, em: 16, ex: 7.07, containerWidth: 100000}));
  const box = adaptor.getAttribute(svg, 'viewBox');
  if (!box) throw new Error('no size of its own (an equation number, perhaps)');
  const inner = adaptor.childNodes(svg).filter((node) => adaptor.kind(node) === 'g')
    .map((node) => adaptor.childNodes(node).map(elementText).join('')).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">` +
    '<g stroke="currentColor" fill="currentColor" stroke-width="0" transform="scale(1,-1)">' +
    `${inner}</g></svg>\n`;
}

const files = new Map();
const index = {};
let failures = 0;
for (const lesson of readdirSync(lessons).sort()) {
  const folder = join(lessons, lesson);
  const notes = readdirSync(folder).filter((file) => /\.md$/.test(file)).sort();
  for (const name of notes) {
    for (const formula of formulasIn(readFileSync(join(folder, name), 'utf8'))) {
      const key = keyOf(formula.tex, formula.display);
      if (index[key]) continue;
      try {
        files.set(`${key}.svg`, picture(formula));
        index[key] = formula;
      } catch (error) {
        ++failures;
        console.error(`${lesson}/${name}: $${formula.tex}$: ${error.message}`);
      }
    }
  }
}
const sorted = Object.fromEntries(Object.entries(index).sort(
  ([, a], [, b]) => (a.tex < b.tex ? -1 : a.tex > b.tex ? 1 : a.display - b.display)));
files.set('index.json', JSON.stringify(sorted, null, 1) + '\n');
if (failures) process.exit(1);

const checking = process.argv.includes('--check');
mkdirSync(output, {recursive: true});
let changes = 0;
for (const [name, text] of files) {
  const path = join(output, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  ++changes;
  if (checking) console.error(`${name} is missing or stale`); else writeFileSync(path, text);
}
for (const name of readdirSync(output).filter((file) => !files.has(file))) {
  ++changes;
  if (checking) console.error(`${name} belongs to no note`); else rmSync(join(output, name));
}
const verb = checking ? 'would change' : 'changed';
console.log(`${files.size - 1} formulas, ${changes} files ${verb}`);
process.exit(checking && changes ? 1 : 0);
