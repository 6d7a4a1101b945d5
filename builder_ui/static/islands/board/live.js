// Keeps the board as the server has it: asks every two seconds while the page is seen, more rarely while the server does not answer.
//
// Never disturbs a hand: nothing is taken over while a card is held, and an answer from before an own move is thrown away.

import { get, path } from "../lib/api.js";
import { receive } from "./state.js";

const EVERY = 1_500; // milliseconds
const AT_MOST = 30_000;
const BROKEN_AFTER = 2; // failures in a row
const LOOKED_UP_EVERY = 30_000; // a full number may be a look-up that the server counts and writes down
const NUMBER = /^[\d\s+()-]{7,}$/;
const SKEW_FROM = 30_000; // clocks that differ by less are taken as equal

const loops = new WeakMap();

/** Starts asking; ends never, since an island lives as long as its page. */
export function keepLive(store) {
  const loop = { etag: store.server.peek().etag, failures: 0, timer: 0, running: null };
  loops.set(store, loop);
  schedule(store, loop);
  document.addEventListener("visibilitychange", () => document.hidden || refresh(store));
  window.addEventListener("online", () => refresh(store));
}

/** Asks now. Resolves when the answer is shown, or could not be had. */
export async function refresh(store) {
  const loop = loops.get(store);
  if (!loop) return;
  clearTimeout(loop.timer);
  if (loop.running) await loop.running;
  clearTimeout(loop.timer);
  loop.running = askOnce(store, loop);
  await loop.running;
  loop.running = null;
  schedule(store, loop);
}

function schedule(store, loop) {
  clearTimeout(loop.timer);
  const every = NUMBER.test(store.search.peek()) ? LOOKED_UP_EVERY : EVERY;
  const wait = Math.min(every * 2 ** Math.max(0, loop.failures - 1), AT_MOST);
  loop.timer = setTimeout(() => (document.hidden ? schedule(store, loop) : refresh(store)), wait);
}

async function askOnce(store, loop) {
  const { app, name } = store.server.peek();
  const { epoch } = store;
  const search = store.search.peek();
  const query = search ? `?search=${encodeURIComponent(search)}` : "";
  try {
    const answer = await get(`/apps${path(app)}/boards${path(name)}${query}`, { etag: quoted(loop.etag) });
    loop.failures = 0;
    store.broken.value = false;
    setClock(store, answer.time);
    if (answer.status === 304) store.shownFor.value = search;
    if (!answer.data || epoch !== store.epoch || store.drag.peek() || search !== store.search.peek()) return;
    receive(store, answer.data, search);
    loop.etag = answer.etag ?? answer.data.etag;
  } catch (error) {
    loop.failures += 1;
    store.broken.value = loop.failures >= BROKEN_AFTER && error.status !== 401;
  }
}

function quoted(etag) {
  return !etag || etag.includes('"') ? etag : `"${etag}"`;
}

// Waiting times are counted here, and the clocks of shop-floor machines are often wrong.
function setClock(store, serverTime) {
  if (!serverTime) return;
  const skew = serverTime - Date.now();
  const wanted = Math.abs(skew) < SKEW_FROM ? 0 : skew;
  if (Math.abs(wanted - store.skew) < SKEW_FROM) return;
  store.skew = wanted;
  store.now.value = Date.now() + wanted;
}
