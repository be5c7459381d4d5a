// Compiles js/app.js and css/index.css into mainstay/surfaces/web/static/dist: hashed files and a
// manifest, one sprite of icons, and the notices of the third-party parts that are in them.
import fs from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import { png } from "./png.js";

const KB = 1000;
// What a visit may cost, compressed: the scripts of every page, the sheets of any page, and each chunk that js/lazy/ loads.
const BUDGET = { js: 25 * KB, css: 22 * KB, lazy: 170 * KB };
// The sheets beside the first, for what only some pages draw: a page names one of them. The reference of components names
// its own and that of what it shows.
const SHEETS = {
  charts: "css/drawn/charts.css", plans: "css/drawn/plans.css", board: "css/drawn/board.css", maps: "css/drawn/maps.css",
  document: "css/drawn/document.css", contents: "css/drawn/contents.css", portal: "css/portal.css",
};
const REFERENCE = { parts: "css/drawn/parts.css" };

// Glyphs of our own: state and health must differ in shape, not only in colour.
const OWN_ICONS = {
  mark: '<path d="M12 4v16M12 5.5 5 18h7M12 9l8 9h-8" stroke-width="2"/>',
  "st-half": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5a4.5 4.5 0 0 1 0 9z" fill="currentColor" stroke="none"/>',
  "st-pause": '<circle cx="12" cy="12" r="8.5"/><path d="M10 9.2v5.6M14 9.2v5.6" stroke-width="2"/>',
  "st-check": '<circle cx="12" cy="12" r="9.4" fill="currentColor" stroke="none"/><path d="m8.2 12.3 2.6 2.6 5-5.4" stroke="var(--surface)" stroke-width="2"/>',
  "s-ok": '<circle cx="12" cy="12" r="9.6" fill="currentColor" stroke="none"/><path d="m8 12.3 2.7 2.7 5.3-5.6" stroke="var(--surface)" stroke-width="2.2"/>',
  "s-watch": '<path d="M12 2.6 22 20.4H2z" fill="currentColor" stroke="currentColor" stroke-width="2"/><path d="M12 9.4v4.4M12 17v.01" stroke="var(--surface)" stroke-width="2.4"/>',
  "s-act": '<path d="M8 2.4h8l5.6 5.6v8L16 21.6H8L2.4 16V8z" fill="currentColor" stroke="currentColor"/><path d="M12 7.2v5.6M12 16.4v.01" stroke="var(--surface)" stroke-width="2.4"/>',
};

const symbol = (id, shapes) => `<symbol id="${id}" viewBox="0 0 24 24">${shapes}</symbol>`;

// Chunks loaded later bring no styles and need nothing fetched ahead: Vite's helper for that weighs more than some of them.
const plainImports = () => ({
  name: "plain-imports",
  enforce: "pre",
  load: (id) => id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
});

// The shapes alone: size, stroke and colour come from our CSS.
function lucide(name) {
  const file = path.join("node_modules/lucide-static/icons", `${name}.svg`);
  if (!fs.existsSync(file)) throw new Error(`icons.json names "${name}", which lucide does not have`);
  return fs.readFileSync(file, "utf8")
    .replace(/<!--.*?-->/gs, "").replace(/<svg[^>]*>|<\/svg>/g, "").replace(/\s+/g, " ").trim();
}

const icons = () => ({
  name: "icons",
  generateBundle() {
    const wanted = Object.entries(JSON.parse(fs.readFileSync("icons.json", "utf8")));
    const symbols = [
      ...wanted.map(([id, name]) => symbol(id, lucide(name))),
      ...Object.entries(OWN_ICONS).map(([id, shapes]) => symbol(id, shapes)),
    ];
    const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
    this.emitFile({ type: "asset", fileName: "icons.svg", source });
  },
});

// The mark for what takes no SVG; a phone cuts the corners of the two full ones itself, of the last one more than them.
const pictures = () => ({
  name: "pictures",
  generateBundle() {
    const drawn = { "icon-180": [180, true], "icon-192": [192, false], "icon-512": [512, false], "icon-512-cut": [512, true, 0.85] };
    for (const [name, how] of Object.entries(drawn)) {
      this.emitFile({ type: "asset", fileName: `${name}.png`, source: png("public/mark.svg", ...how) });
    }
  },
});

// The licences ask that their text travels with the compiled files.
const notices = () => ({
  name: "notices",
  generateBundle() {
    const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
    const shipped = Object.entries(packages).filter(([folder, item]) => folder && !item.dev && !item.optional);
    const parts = shipped.map(([folder, item]) => {
      const name = folder.replace("node_modules/", "");
      const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? fs.readFileSync(path.join(folder, file), "utf8").trim() : "";
      return `${name} ${item.version} (${item.license})\n\n${text}`;
    });
    this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source: parts.join(`\n\n${"-".repeat(78)}\n\n`) + "\n" });
  },
});

// What the entry fetches by itself on every page of somebody who is signed in, though the page works before.
const ALWAYS = ["js/lazy/live.js"];

// Everything every page costs: the entry, what it imports at once, and what it fetches unasked.
function coreChunks(bundle) {
  const core = new Set();
  const add = (name) => {
    if (core.has(name) || bundle[name]?.type !== "chunk") return;
    core.add(name);
    bundle[name].imports.forEach(add);
  };
  const always = (item) => ALWAYS.some((file) => item.facadeModuleId?.endsWith(`/${file}`));
  const first = Object.values(bundle).filter((item) => item.isEntry || always(item));
  if (first.length !== 1 + ALWAYS.length) throw new Error("what every page costs is not all there");
  first.forEach((item) => add(item.fileName));
  return [...core];
}

// The colours as they are written: /-/parts/ shows them with their contrast.
const tokens = () => ({
  name: "tokens",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "tokens.txt", source: fs.readFileSync("css/tokens.css", "utf8") });
  },
});

const budget = () => ({
  name: "budget",
  enforce: "post",
  writeBundle(options, bundle) {
    const core = coreChunks(bundle);
    const scripts = Object.keys(bundle).filter((name) => bundle[name].type === "chunk");
    const sheets = Object.keys(bundle).filter((name) => name.endsWith(".css"));
    const size = (file) => gzipSync(fs.readFileSync(path.join(options.dir, file))).length;
    const weigh = (title, kind, files) => {
      const total = files.reduce((sum, file) => sum + size(file), 0);
      const line = `${title}: ${(total / KB).toFixed(1)} of ${BUDGET[kind] / KB} kB compressed`;
      if (total > BUDGET[kind]) throw new Error(`over budget, ${line}`);
      console.log(line);
    };
    weigh("js", "js", core);
    const isDrawn = (name) => path.basename(name).startsWith(`${DRAWN}-`);
    const called = (name) => {
      const found = sheets.filter((file) => path.basename(file).startsWith(`${name}-`));
      if (found.length !== 1) throw new Error(`there is no sheet ${name}, or more than one`);
      return found[0];
    };
    const known = ["app", ...Object.keys(SHEETS), ...Object.keys(REFERENCE)];
    if (sheets.length !== known.length) throw new Error(`sheets nobody names: ${sheets.join(", ")}`);
    // Every set a page may fetch: each further sheet beside the first, and both with those of the reference.
    for (const name of Object.keys(SHEETS)) {
      weigh(`css of pages with ${name}`, "css", ["app", name].map(called));
      weigh(`css of ${name} in the reference`, "css", ["app", ...Object.keys(REFERENCE), name].map(called));
    }
    for (const file of scripts.filter((name) => !core.includes(name))) weigh(file, "lazy", [file]);
  },
});

// Compressed once here rather than at every answer; the server sends the .br or the .gz to whoever takes it. Browsers
// take the first over TLS and from this machine, and are spared a sixth; the budgets are counted without it.
const compressed = () => ({
  name: "compressed",
  enforce: "post",
  writeBundle(options, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(js|css|svg)$/.test(file))) {
      const file = path.join(options.dir, name);
      const plain = fs.readFileSync(file);
      fs.writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
      fs.writeFileSync(`${file}.br`, brotliCompressSync(plain));
    }
  },
});

export default defineConfig({
  base: "/static/dist/",
  plugins: [plainImports(), icons(), pictures(), notices(), tokens(), budget(), compressed()],
  css: {
    transformer: "lightningcss",
    lightningcss: { targets: { chrome: 123 << 16, firefox: 128 << 16, safari: (17 << 16) | (5 << 8) } },
  },
  build: {
    outDir: "../mainstay/surfaces/web/static/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    cssMinify: "lightningcss",
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false },
    rollupOptions: { input: { app: "js/app.js", ...SHEETS, ...REFERENCE } },
  },
});
