// Dragging with the mouse. Loaded after the first paint and not at all on phones, where the menu moves cards.
//
// Picking up shows which columns would take the card; only a drop does anything. The library never moves elements behind the renderer.

import { autoScrollForElements, combine, draggable, dropTargetForElements, monitorForElements } from "../../vendor/dnd.js";
import { batch } from "../../vendor/preact.js";
import { announce } from "../lib/toast.js";
import { t } from "../lib/i18n.js";
import { moveTo, offersFor } from "./moves.js";
import { canReturn, find, nameOf, titleOf } from "./state.js";

/** Makes the board's cards and columns draggable. `columns`: Map element → state. Returns {add, remove} for columns that come later. */
export function makeDraggable(store, root, columns) {
  const cards = new WeakSet();
  const stops = new Map();
  // A card learns to be dragged when the pointer first reaches it: a thousand listeners less at the start.
  root.addEventListener("pointerover", (event) => {
    const element = event.target.closest?.("[data-card]");
    if (!element || cards.has(element) || event.pointerType === "touch") return;
    cards.add(element);
    draggable({
      element,
      canDrag: () => !find(store, element.dataset.card)?.card.going,
      getInitialData: () => ({ card: element.dataset.card }),
    });
  });
  const scroller = root.querySelector(".kb-columns");
  autoScrollForElements({ element: scroller });
  monitorForElements({
    onDragStart: ({ source }) => pickUp(store, source.data.card),
    onDropTargetChange: ({ location }) => (store.over.value = location.current.dropTargets[0]?.data.state ?? null),
    onDrop: ({ location }) => drop(store, location.current.dropTargets[0]?.data.state),
  });
  const registry = {
    add: (element, state) => stops.set(element, target(element, state)),
    remove: (element) => stops.get(element)?.(),
  };
  for (const [element, state] of columns) registry.add(element, state);
  return registry;
}

function target(element, state) {
  const list = element.querySelector(".kb-scroll");
  const stops = [dropTargetForElements({ element, getData: () => ({ state }) })];
  if (list) stops.push(autoScrollForElements({ element: list }));
  return combine(...stops);
}

function pickUp(store, id) {
  const { card, column } = find(store, id);
  const offers = offersFor(store, card, column.state);
  const returns = Object.fromEntries(Object.keys(offers).map((state) => [state, canReturn(store, column.state, state)]));
  store.drag.value = { card, from: column.state, offers, returns };
  announce(t("Picked up {name}", { name: nameOf(store, card) }));
}

function drop(store, to) {
  const { card, from } = store.drag.peek();
  batch(() => {
    store.drag.value = null;
    store.over.value = null;
  });
  if (!to || to === from) return announce(t("{name} stays in “{state}”", { name: nameOf(store, card), state: titleOf(store, from) }));
  return moveTo(store, find(store, card.id)?.card ?? card, from, to);
}
