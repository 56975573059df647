// SPDX-License-Identifier: GPL-3.0-or-later
// MathJax stretches a bar and shows a window of it through a nested <svg>. Qt's SVG reader has no
// nested viewports and no clip paths, so the window is cut out of the outline here.

const CURVE_PIECES = 12;

/// Path data (absolute M, L, H, V, Q, T, C, Z, as MathJax writes it) as closed polygons
/// [[x, y], ...].
export function polygonsOf(data) {
  const polygons = [];
  let polygon = [], x = 0, y = 0, controlX = 0, controlY = 0, before = '';
  const lineTo = (a, b) => { x = a; y = b; polygon.push([x, y]); };
  for (const [, command, text] of data.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = (text.match(/-?\d*\.?\d+(?:e-?\d+)?/g) ?? []).map(Number);
    const next = () => numbers.shift();
    do {
      switch (command) {
        case 'M':
          if (polygon.length) polygons.push(polygon);
          polygon = [];
          lineTo(next(), next());
          break;
        case 'L': lineTo(next(), next()); break;
        case 'H': lineTo(next(), y); break;
        case 'V': lineTo(x, next()); break;
        case 'Q': case 'T': {
          const smooth = command === 'T';
          const hadControl = before === 'Q' || before === 'T';
          const cx = smooth ? (hadControl ? 2 * x - controlX : x) : next();
          const cy = smooth ? (hadControl ? 2 * y - controlY : y) : next();
          const [fromX, fromY, toX, toY] = [x, y, next(), next()];
          for (let i = 1; i <= CURVE_PIECES; ++i) {
            const t = i / CURVE_PIECES, u = 1 - t;
            const mix = (p, c, q) => u * u * p + 2 * u * t * c + t * t * q;
            lineTo(mix(fromX, cx, toX), mix(fromY, cy, toY));
          }
          [controlX, controlY] = [cx, cy];
          break;
        }
        case 'C': {
          const [ax, ay, bx, by, toX, toY] = [next(), next(), next(), next(), next(), next()];
          const [fromX, fromY] = [x, y];
          for (let i = 1; i <= CURVE_PIECES; ++i) {
            const t = i / CURVE_PIECES, u = 1 - t;
            const mix = (p, a, b, q) =>
              u ** 3 * p + 3 * u * u * t * a + 3 * u * t * t * b + t ** 3 * q;
            lineTo(mix(fromX, ax, bx, toX), mix(fromY, ay, by, toY));
          }
          break;
        }
        case 'Z': break;
        default: throw new Error(`path command ${command} is not handled`);
      }
      before = command;
    } while (numbers.length);
  }
  if (polygon.length) polygons.push(polygon);
  return polygons;
}

/// Sutherland and Hodgman: the part of `polygon` inside the box {left, top, right, bottom}.
export function clipped(polygon, box) {
  const edges = [
    [(p) => p[0] - box.left], [(p) => box.right - p[0]],
    [(p) => p[1] - box.top], [(p) => box.bottom - p[1]]];
  for (const [inside] of edges) {
    const result = [];
    polygon.forEach((point, i) => {
      const previous = polygon[(i + polygon.length - 1) % polygon.length];
      const [a, b] = [inside(previous), inside(point)];
      if ((a < 0) !== (b < 0)) {
        const t = a / (a - b);
        result.push([0, 1].map((axis) => previous[axis] + t * (point[axis] - previous[axis])));
      }
      if (b >= 0) result.push(point);
    });
    polygon = result;
    if (!polygon.length) break;
  }
  return polygon;
}

const short = (number) => String(Math.round(number * 10) / 10);

/// The path data of what is left of `data`, scaled by (scaleX, scaleY), inside `box`.
export function clippedPath(data, scaleX, scaleY, box) {
  return polygonsOf(data)
    .map((polygon) => clipped(polygon.map(([x, y]) => [x * scaleX, y * scaleY]), box))
    .filter((polygon) => polygon.length > 2)
    .map((polygon) => 'M' + polygon.map(([x, y]) => `${short(x)} ${short(y)}`).join('L') + 'Z')
    .join('');
}
