// Asks a real YAML language server what an editor would show for a definition: completions and hovers at marked places.
//
// `npm install yaml-language-server` somewhere, then `node tools/editor.mjs THAT_FOLDER`. Prints one JSON object: place → what is
// offered there, hover texts, and the problems that the server sees. For tests/docs/test_editor.py, and for looking by hand.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const SERVER = join(resolve(process.argv[2]), "node_modules", "yaml-language-server", "bin", "yaml-language-server");
const SCHEMA = pathToFileURL(join(ROOT, "docs", "reference", "definition.schema.json")).href;
// `‸name‸` marks a place.
const TEXT = JSON.parse(readFileSync(0, "utf8"));

const server = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
const told = new Map();
let buffer = Buffer.alloc(0);
let last = 0;

server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, end).toString())[1]);
    if (buffer.length < end + 4 + length) return;
    take(JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()));
    buffer = buffer.subarray(end + 4 + length);
  }
});

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function ask(method, params) {
  const id = ++last;
  send({ id, method, params });
  return new Promise((done) => waiting.set(id, done));
}

const SETTINGS = { yaml: { schemas: { [SCHEMA]: "*.yaml" }, completion: true, hover: true, validate: true } };

function take(message) {
  if (message.method === "workspace/configuration") {
    send({ id: message.id, result: message.params.items.map((item) => SETTINGS[item.section] ?? null) });
  } else if (message.method === "textDocument/publishDiagnostics") {
    told.set(message.params.uri, message.params.diagnostics);
  } else if (message.method && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (waiting.has(message.id)) {
    waiting.get(message.id)(message.result);
  }
}

function marked(text) {
  const places = {};
  const pieces = text.split("‸");
  let plain = "";
  pieces.forEach((piece, index) => {
    if (index % 2 === 0) {
      plain += piece;
    } else {
      const lines = plain.split("\n");
      places[piece] = { line: lines.length - 1, character: lines.at(-1).length };
    }
  });
  return { plain, places };
}

const capabilities = { workspace: { configuration: true }, textDocument: { hover: { contentFormat: ["markdown"] } } };
await ask("initialize", { processId: process.pid, rootUri: null, capabilities });
send({ method: "initialized", params: {} });
const answer = {};
for (const [name, text] of Object.entries(TEXT)) {
  const { plain, places } = marked(text);
  const uri = `file:///nowhere/${name}.yaml`;
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text: plain } } });
  answer[name] = { completions: {}, hovers: {} };
  for (const [place, position] of Object.entries(places)) {
    const found = await ask("textDocument/completion", { textDocument: { uri }, position });
    answer[name].completions[place] = (found?.items ?? []).map((item) => item.label);
    const hover = await ask("textDocument/hover", { textDocument: { uri }, position });
    answer[name].hovers[place] = hover?.contents?.value ?? null;
  }
  for (let tries = 0; tries < 50 && !told.has(uri); tries++) await new Promise((done) => setTimeout(done, 100));
  answer[name].problems = (told.get(uri) ?? []).map((each) => `${each.range.start.line + 1}: ${each.message}`);
}
process.stdout.write(JSON.stringify(answer, null, 2));
server.kill();
