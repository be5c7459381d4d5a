// Draws public/mark.svg as PNG, for phones that take no SVG as the icon of an app: a filled square and lines with
// round ends are all it has, so that a distance from the lines is all there is to compute.
import fs from "node:fs";
import { crc32, deflateSync } from "node:zlib";

/* the lines of a path that goes by M, L, H, V and their small letters, and closes with Z */
function lines(path) {
  const found = [];
  let [x, y, from] = [0, 0, [0, 0]];
  for (const [, letter, rest] of path.matchAll(/([MLHVZ])([^MLHVZ]*)/gi)) {
    const numbers = (rest.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    const name = letter.toUpperCase();
    const own = letter === name ? 0 : 1;
    if (name === "Z") numbers.push(...from);
    for (let n = 0; n < numbers.length; n += "HV".includes(name) ? 1 : 2) {
      const [a, b] = [x, y];
      if (name === "V") y = numbers[n] + own * y;
      else if (name === "H") x = numbers[n] + own * x;
      else [x, y] = name === "Z" ? from : [numbers[n] + own * x, numbers[n + 1] + own * y];
      if (name === "M" && n === 0) from = [x, y];
      else found.push([a, b, x, y]);
    }
  }
  return found;
}

function away([a, b, c, d], x, y) {
  const [w, h] = [c - a, d - b];
  const along = Math.min(1, Math.max(0, ((x - a) * w + (y - b) * h) / (w * w + h * h || 1)));
  return Math.hypot(x - a - along * w, y - b - along * h);
}

/* how far outside the square with its round corners */
function outside(side, round, x, y) {
  const [dx, dy] = [x, y].map((at) => Math.abs(at - side / 2) - side / 2 + round);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
}

const colour = (hex) => (hex.length === 4 ? [...hex.slice(1)].map((c) => c + c) : hex.slice(1).match(/../g)).map((c) => parseInt(c, 16));

function part(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/* `isFull` fills the corners, for what cuts its own; `scale` draws the lines smaller, for what cuts much */
export function png(file, points, isFull, scale = 1) {
  const svg = fs.readFileSync(file, "utf8");
  const [, across, corner, paper] = /<rect width="(\d+)" height="\d+" rx="(\d+)" fill="(#\w+)"/.exec(svg);
  const [side, round] = [Number(across), Number(corner)];
  const [, path, ink, width] = /<path d="([^"]+)".*?stroke="(#\w+)" stroke-width="([\d.]+)"/.exec(svg);
  const [drawn, below, above] = [lines(path), colour(paper), colour(ink)];
  const step = side / points;
  const covers = (distance) => Math.min(1, Math.max(0, 0.5 - distance / step));
  const rows = Buffer.alloc(points * (points * 4 + 1));
  for (let row = 0, at = 0; row < points; row++) {
    at++; // each row begins with how it is filtered: not at all
    for (let column = 0; column < points; column++) {
      const [x, y] = [(column + 0.5) * step, (row + 0.5) * step];
      const [u, v] = [x, y].map((n) => (n - side / 2) / scale + side / 2);
      const line = covers((Math.min(...drawn.map((one) => away(one, u, v))) - width / 2) * scale);
      for (let n = 0; n < 3; n++) rows[at++] = Math.round(below[n] + (above[n] - below[n]) * line);
      rows[at++] = isFull ? 255 : Math.round(255 * covers(outside(side, round, x, y)));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(points, 0);
  head.writeUInt32BE(points, 4);
  head.set([8, 6], 8);
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([begin, part("IHDR", head), part("IDAT", deflateSync(rows, { level: 9 })), part("IEND", Buffer.alloc(0))]);
}
