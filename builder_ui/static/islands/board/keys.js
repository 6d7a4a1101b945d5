// The keyboard on the board: arrows between cards and columns, `m` or the menu key for the move menu. Enter is the card's own link.
//
// One card at a time is reached by Tab (roving tabindex), set on the elements themselves: a focus must not draw anything again.

import { openMenu } from "./moves.js";

/** Listens on the board's root. `onActive(id, state)` is told of the card that has the focus. */
export function listenToKeys(store, root, onActive) {
  root.addEventListener("keydown", (event) => onKey(store, root, event));
  root.addEventListener("focusin", (event) => {
    const element = event.target.closest("[data-card]");
    if (!element) return;
    reach(store, root, element);
    onActive(element.dataset.card, element.closest("[data-column]").dataset.column);
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest(".kb-more");
    if (button) openMenu(store, button.closest("[data-card]").dataset.card);
  });
}

/** Makes sure that Tab reaches exactly one card. */
export function reach(store, root, element = cardOf(root, store.active) ?? root.querySelector("[data-card]")) {
  if (store.reached !== element) setReach(store.reached, -1);
  setReach(element, 0);
  store.reached = element;
  store.active = element?.dataset.card ?? null;
}

function setReach(card, index) {
  for (const part of card?.querySelectorAll("[tabindex]") ?? []) part.tabIndex = index;
}

function onKey(store, root, event) {
  const card = event.target.closest("[data-card]");
  if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
  const { key } = event;
  if (key === "m" || key === "M" || key === "ContextMenu" || (key === "F10" && event.shiftKey)) openMenu(store, card.dataset.card);
  else {
    const next = neighbour(root, card, key);
    if (next === undefined) return;
    next?.querySelector(".kb-body").focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  event.preventDefault();
}

// undefined: not our key; null: nothing lies there.
function neighbour(root, card, key) {
  const cards = [...card.parentElement.children];
  const at = cards.indexOf(card);
  if (key === "ArrowDown") return cards[at + 1] ?? null;
  if (key === "ArrowUp") return cards[at - 1] ?? null;
  if (key === "Home") return cards[0];
  if (key === "End") return cards.at(-1);
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const lists = [...root.querySelectorAll(".kb-cards")].filter((list) => list.children.length);
  const list = lists[lists.indexOf(card.parentElement) + (key === "ArrowRight" ? 1 : -1)];
  return list ? nearest(list, card) : null;
}

// The card of the other column that lies beside this one on the screen.
function nearest(list, card) {
  const y = card.getBoundingClientRect().top;
  const distance = (element) => Math.abs(element.getBoundingClientRect().top - y);
  return [...list.children].reduce((best, element) => (distance(element) < distance(best) ? element : best));
}

function cardOf(root, id) {
  return id ? root.querySelector(`[data-card="${CSS.escape(id)}"]`) : null;
}
