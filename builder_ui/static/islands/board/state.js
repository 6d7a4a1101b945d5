// The state of one board: what the server last said, moves that are under way, and what the person is doing (dragging, menu, dialog).
//
// Everything is a signal; components read them and are drawn again alone. Nothing here touches the page or the network.

import { batch, computed, signal } from "../../vendor/preact.js";
import { merge, moved, places } from "./merge.js";
import { layoutOf } from "./layout.js";

const TICK = 15_000; // milliseconds between two looks at the clock

/** `props` as the page hands them over: {board, fields, new, search}. */
export function createStore(props) {
  const server = signal(props.board);
  const pending = signal(new Map()); // card id → {card, to}: shown where it goes until the server has answered
  const view = computed(() => overlaid(server.value, pending.value));
  // By its text: a layout that is a new object would draw every card again.
  const fields = computed(() => JSON.stringify(server.value.card_fields));
  const store = {
    props,
    server,
    pending,
    search: signal(props.search ?? ""), // only cards that fit these words are asked for
    shownFor: signal(props.search ?? ""), // the words that the server's last answer was for
    view,
    index: computed(() => places(view.value)),
    layout: computed(() => layoutOf(JSON.parse(fields.value))),
    now: signal(Date.now()),
    skew: 0, // milliseconds that the server's clock is ahead
    changed: new Map(), // card id → when it changed by someone else's hand
    epoch: 0, // grows with each own change, so that older answers are told from newer
    drag: signal(null), // {card, from, offers}
    over: signal(null), // state of the column under the dragged card
    menu: signal(null), // {id, anchor}
    ask: signal(null), // {card, move, values, errors, done}
    broken: signal(false),
    dnd: signal(null), // the drag module, once it is loaded
    active: null, // id of the card that Tab reaches
    reached: null, // its element
    column: signal(null), // state of the column that a phone shows
  };
  setInterval(() => (store.now.value = Date.now() + store.skew), TICK);
  return store;
}

/** Takes what the server says now; remembers which cards changed so that they can be pointed out. */
export function receive(store, fresh, search) {
  const { board, changed } = merge(store.server.peek(), fresh);
  const time = Date.now();
  store.changed.clear();
  // Cards that come and go with the words of a search were moved by nobody.
  if (search === store.shownFor.peek()) for (const id of changed) store.changed.set(id, time);
  store.shownFor.value = search;
  store.server.value = board;
}

/** Shows a card in another column before the server has answered. */
export function moveAhead(store, card, to) {
  store.epoch += 1;
  const { moves: _, ...rest } = card;
  const going = { ...rest, moves: [], going: true, since: new Date(store.now.peek()).toISOString() };
  store.pending.value = new Map(store.pending.peek()).set(card.id, { card: going, to });
}

/** Ends a move: `card` as the server has it now and the column it lies in, or nothing when it goes back. */
export function settleMove(store, id, card = null, to = null) {
  store.epoch += 1;
  batch(() => {
    const board = store.server.peek();
    if (card) store.server.value = { ...board, columns: moved(board.columns, card, to, sumField(board)) };
    const left = new Map(store.pending.peek());
    left.delete(id);
    store.pending.value = left;
  });
}

/** {card, column, index} of a card as it is shown, or undefined. */
export function find(store, id) {
  return store.index.peek().get(id);
}

export function titleOf(store, state) {
  return store.server.peek().columns.find((column) => column.state === state)?.title ?? state;
}

/** What people call the card: its first field. */
export function nameOf(store, card) {
  return store.layout.peek().text(card, "number") || card.id;
}

/** Does a declared step lead straight back? If not, the page says so before the move. */
export function canReturn(store, from, to) {
  return store.server.peek().transitions.some((step) => step.to === from && [].concat(step.from).includes(to));
}

function overlaid(board, pending) {
  let columns = board.columns;
  for (const { card, to } of pending.values()) columns = moved(columns, card, to, sumField(board));
  return columns;
}

function sumField(board) {
  return board.sum_field ?? board.columns[0]?.sum_field;
}
