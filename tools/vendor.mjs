// Fetches the third-party browser code that the pages use, bundles it and locks it.
//
// A maintainer runs it (`node tools/vendor.mjs`, needs Node >= 20 and npm) when a version below is raised; users never do: what it writes
// to builder_ui/static/{vendor,icons} is committed. Install scripts of packages are not run. tests/unit/builder_ui/test_vendor.py re-hashes the result.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const STATIC = join(dirname(fileURLToPath(import.meta.url)), "..", "builder_ui", "static");

const VERSIONS = {
  preact: "11.2.0",
  htm: "3.1.1",
  "@preact/signals": "2.11.4",
  "@preact/signals-core": "1.14.5",
  "@atlaskit/pragmatic-drag-and-drop": "4.0.0",
  "@atlaskit/pragmatic-drag-and-drop-auto-scroll": "3.2.1",
  "@babel/runtime": "7.29.14",
  "bind-event-listener": "3.0.0",
  "raf-schd": "4.0.3",
  "lucide-static": "1.62.0",
  esbuild: "0.28.2",
};

const BUNDLES = {
  "vendor/preact.js": {
    packages: ["preact", "htm", "@preact/signals", "@preact/signals-core"],
    source: `
      import { h } from "preact";
      import htm from "htm";
      export const html = htm.bind(h);
      export { h, render, Component, Fragment, createRef } from "preact";
      export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
      export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
    `,
  },
  "vendor/dnd.js": {
    packages: [
      "@atlaskit/pragmatic-drag-and-drop",
      "@atlaskit/pragmatic-drag-and-drop-auto-scroll",
      "@babel/runtime",
      "bind-event-listener",
      "raf-schd",
    ],
    source: `
      export { draggable, dropTargetForElements, monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
      export { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
      export { autoScrollForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
    `,
  },
};

// The name that we use on the left, Lucide's on the right.
const ICONS = {
  "alert-triangle": "triangle-alert", archive: "archive", "arrow-left": "arrow-left", "arrow-right": "arrow-right", bell: "bell",
  check: "check", "chevron-down": "chevron-down", "chevron-left": "chevron-left", "chevron-right": "chevron-right", "chevron-up": "chevron-up",
  clock: "clock", columns: "columns-3", copy: "copy", download: "download", edit: "pencil", "external-link": "external-link", eye: "eye",
  filter: "funnel", globe: "globe", history: "history", home: "house", inbox: "inbox", info: "info", key: "key-round", layers: "layers",
  link: "link", list: "list", lock: "lock", "log-out": "log-out", menu: "menu", moon: "moon", more: "ellipsis", package: "package",
  paperclip: "paperclip", phone: "phone", plug: "plug", plus: "plus", printer: "printer", refresh: "refresh-cw", search: "search",
  settings: "settings", shield: "shield", sort: "arrow-up-down", store: "store", sun: "sun", table: "table-2", tag: "tag", trash: "trash-2",
  truck: "truck", undo: "undo-2", upload: "upload", user: "user", users: "users", workflow: "workflow", x: "x", zap: "zap",
};

const work = mkdtempSync(join(tmpdir(), "vendor-"));
try {
  install();
  const files = { ...(await bundles()), ...icons() };
  writeLock(files);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function install() {
  writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, dependencies: VERSIONS }));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: work, stdio: ["ignore", "inherit", "inherit"] });
}

async function bundles() {
  const esbuild = createRequire(join(work, "package.json"))("esbuild");
  const written = {};
  for (const [file, { packages, source }] of Object.entries(BUNDLES)) {
    await esbuild.build({
      stdin: { contents: source, resolveDir: work, sourcefile: "entry.js" },
      outfile: join(STATIC, file),
      bundle: true, minify: true, format: "esm", target: "es2020", legalComments: "none",
      mainFields: ["module:es2019", "module", "main"],
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "warning",
    });
    written[file] = packages;
  }
  return written;
}

// One sprite of <symbol>s: a page shows an icon by <use href="…/lucide.svg#name">, which a strict content policy allows.
function icons() {
  const symbols = Object.entries(ICONS).map(([name, original]) => {
    const svg = readFileSync(join(work, "node_modules", "lucide-static", "icons", `${original}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").replace(/> </g, "><").replace(/ \/>/g, "/>").trim()}</symbol>`;
  });
  mkdirSync(join(STATIC, "icons"), { recursive: true });
  writeFileSync(join(STATIC, "icons", "lucide.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  return { "icons/lucide.svg": ["lucide-static"] };
}

function writeLock(files) {
  const locked = JSON.parse(readFileSync(join(work, "package-lock.json"), "utf8")).packages;
  const lock = { comment: "Written by tools/vendor.mjs; do not edit.", bundler: `esbuild ${VERSIONS.esbuild}`, packages: {}, files: {} };
  for (const [file, packages] of Object.entries(files)) {
    lock.files[file] = { sha256: hash(join(STATIC, file)), packages };
    for (const name of packages) {
      const folder = join(work, "node_modules", name);
      const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const { integrity } = locked[`node_modules/${name}`];
      lock.packages[name] = { version, licence: license, integrity, source: `npm:${name}@${version}`, licence_file: keepLicence(name, folder) };
    }
  }
  for (const { licence_file } of Object.values(lock.packages)) lock.files[licence_file] ??= { sha256: hash(join(STATIC, licence_file)), packages: [] };
  writeFileSync(join(STATIC, "vendor", "vendor.lock.json"), JSON.stringify(lock, null, 2) + "\n");
}

function keepLicence(name, folder) {
  const source = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((file) => join(folder, file)).find(existsSync);
  if (!source) throw new Error(`${name} ships no licence file: add its text by hand or drop the package`);
  const kept = `vendor/licences/${name.replace("@", "").replace("/", "__")}.txt`;
  mkdirSync(join(STATIC, "vendor", "licences"), { recursive: true });
  copyFileSync(source, join(STATIC, kept));
  return kept;
}

function hash(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
