// The search of the board: the box in the page's head, `/` to reach it, the words in the address, and what is said when nothing fits.
//
// The server decides what fits (in what the person may see); here the words are only passed on.

import { html } from "../../vendor/preact.js";
import { t } from "../lib/i18n.js";
import { refresh } from "./live.js";
import { focusCard } from "./moves.js";
import { writeSearch } from "./place.js";
import { scrollToColumn } from "./tabs.js";

const SETTLED = 250; // milliseconds without typing
const TYPING = "input, textarea, select, dialog, [contenteditable], [role=menu]";

/** Listens to the page's box, if it has one. `root` is the element that the board stands in. */
export function listenToSearch(store, root) {
  const box = boxOf();
  if (!box) return;
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(store, root, box.value), SETTLED);
  };
  box.addEventListener("input", (event) => event.isComposing || later());
  box.addEventListener("compositionend", later);
  box.addEventListener("keydown", (event) => onKey(event, store, root));
  box.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await search(store, root, box.value);
    focusFirst(store);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    event.preventDefault();
    box.select();
    box.focus();
  });
}

/** Says how many cards fit; when none does, in sight and with the way back. */
export function NothingFound({ store }) {
  const words = store.search.value;
  const found = store.view.value.reduce((sum, column) => sum + column.count, 0);
  const all = words && store.shownFor.value === words;
  return html`<div class="kb-found" role="status">
    ${all && found > 0 && html`<p class="only-heard">${t("{n} found", { n: found })}</p>`}
    ${all &&
    found === 0 &&
    html`<p>
      <span>${t("Nothing that you can see here fits “{words}”.", { words })}</span>
      <button type="button" class="button small" onClick=${() => clear(store)}>${t("Clear the search")}</button>
    </p>`}
  </div>`;
}

async function search(store, root, typed) {
  const words = typed.trim();
  if (words === store.search.peek()) return;
  store.search.value = words;
  writeSearch(words);
  await refresh(store);
  showFirst(store, root);
}

function onKey(event, store, root) {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    if (!event.target.value) event.target.blur();
    event.target.value = "";
    search(store, root, "");
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    focusFirst(store);
  }
}

function clear(store) {
  const box = boxOf();
  box.value = "";
  box.focus();
  search(store, document, "");
}

// A phone shows one column: one that holds something.
function showFirst(store, root) {
  const columns = store.view.peek();
  const shown = columns.find((column) => column.state === (store.column.peek() ?? columns[0]?.state));
  const first = columns.find((column) => column.cards.length);
  if (!first || shown?.cards.length) return;
  store.column.value = first.state;
  scrollToColumn(root, first.state);
}

function focusFirst(store) {
  const first = store.view.peek().find((column) => column.cards.length);
  if (first) focusCard(first.cards[0].id);
}

function boxOf() {
  return document.querySelector("[data-board-search]");
}
