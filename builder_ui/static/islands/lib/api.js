// The one way in which islands talk to the server: adds what every call needs and turns every failure into an ApiError that people can read.
//
// It shows nothing itself; that a session ended is told to `onSession`, so that the page can keep what the person was doing.

import { t } from "./i18n.js";

const ROOT = "/api/v1";
const TIMEOUT = 20_000; // milliseconds
const UPLOAD_TIMEOUT = 600_000;

let onOut = () => {};
let onBack = () => {};
let out = false;

/** `code` is the problem's code, `offline` when no answer came; `remedies` are [{kind, name, title}], `errors` [{path, code, message}]. */
export class ApiError extends Error {
  constructor(problem, status) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.code = problem.code || "error";
    this.title = problem.title || t("That did not work");
    this.detail = problem.detail || "";
    this.errors = problem.errors || [];
    this.remedies = problem.remedies || [];
  }
}

/** Who is told, once each, that the session has ended and that somebody is signed in again. */
export function onSession(ended, back) {
  onOut = ended;
  onBack = back;
}

/** {status, data, etag}; data is null for 204 and 304. Throws ApiError for everything else that is not 2xx. */
export async function get(path, { etag } = {}) {
  return call("GET", path, { headers: etag ? { "If-None-Match": etag } : {} });
}

/** Writes; the same `key` sent again is never done twice. `version` guards against changing what someone else has changed. */
export async function post(path, body, { key, version } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  return call("POST", path, { headers, body: JSON.stringify(body) });
}

/** One file, as a form sends it. A slow line may take minutes over it. */
export async function upload(path, file) {
  const body = new FormData();
  body.append("file", file, file.name || "file");
  return call("POST", path, { headers: {}, body, timeout: UPLOAD_TIMEOUT });
}

/** A key nobody else has. Not randomUUID: that is missing on plain http addresses of a local network. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A path from parts, each made safe. */
export function path(...parts) {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join("");
}

async function call(method, path, { headers, body, timeout }) {
  try {
    return await once(method, path, { headers, body, timeout });
  } catch (error) {
    // After signing in again the page still holds the token of the session that ended.
    if (error.code !== "csrf" || !(await renewToken())) throw error;
    return once(method, path, { headers, body, timeout });
  }
}

async function once(method, path, { headers, body, timeout }) {
  const token = method === "GET" ? null : tokenOf(document)?.content;
  const response = await send(ROOT + path, {
    method,
    body,
    timeout,
    headers: { Accept: "application/json", ...(token ? { "X-CSRF-Token": token } : {}), ...headers },
  });
  const { status } = response;
  tellSession(status);
  const date = response.headers.get("Date");
  const answer = { status, data: null, etag: response.headers.get("ETag"), time: date ? Date.parse(date) : null };
  if (status === 204 || status === 304) return answer;
  const data = await readJson(response);
  if (response.ok) return { ...answer, data };
  throw new ApiError(data || {}, status);
}

function tellSession(status) {
  if ((status === 401) === out) return;
  out = status === 401;
  if (out) onOut();
  else onBack();
}

// The page as it is served now carries the new token. True when it is another one.
async function renewToken() {
  const response = await send(location.pathname, { headers: { Accept: "text/html" } });
  const fresh = tokenOf(new DOMParser().parseFromString(await response.text(), "text/html"))?.content;
  const meta = tokenOf(document);
  if (!response.ok || !fresh || !meta || meta.content === fresh) return false;
  meta.content = fresh;
  return true;
}

function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]');
}

async function send(url, { timeout = TIMEOUT, ...options }) {
  try {
    return await fetch(url, { ...options, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout?.(timeout) });
  } catch {
    throw new ApiError({ code: "offline", title: t("No connection"), detail: t("The server does not answer.") }, 0);
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    if (!response.ok) return null;
    throw new ApiError({ code: "garbled", detail: t("The server's answer could not be read.") }, response.status);
  }
}
