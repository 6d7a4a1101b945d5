// Moving a card: shown at once, asked of the server, taken back with the reason when refused. Drag, menu and keyboard all end here.

import { ApiError, newKey, path, post } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { announce, refuse, settle, succeed } from "../lib/toast.js";
import { refresh } from "./live.js";
import { canReturn, find, moveAhead, nameOf, settleMove, titleOf } from "./state.js";

/** What each column would say to this card: {state: {moves: allowed ones, reason: why none}}. */
export function offersFor(store, card, from) {
  const offers = {};
  for (const { state } of store.view.peek()) {
    const moves = card.moves.filter((move) => move.to === state);
    const allowed = moves.filter((move) => move.allowed);
    const refusal = moves.find((move) => move.reason)?.reason ?? t("Not straight from “{from}”", { from: titleOf(store, from) });
    offers[state] = { moves: allowed, reason: allowed.length ? "" : refusal };
  }
  return offers;
}

/** A card was dropped on, or sent to, a column. */
export function moveTo(store, card, from, to) {
  const { moves, reason } = offersFor(store, card, from)[to];
  if (moves.length === 1) return move(store, card, moves[0]);
  if (moves.length > 1) return openMenu(store, card.id);
  const declared = card.moves.some((other) => other.to === to);
  const title = declared
    ? t("“{name}” cannot go to “{to}” now", { name: nameOf(store, card), to: titleOf(store, to) })
    : t("“{from}” cannot go straight to “{to}”", { from: titleOf(store, from), to: titleOf(store, to) });
  const actions = waysOut(store, card.id);
  refuse({ topic: card.id, title, detail: withWaysOut(declared ? reason : t("The flow has no such step."), actions), actions });
}

/** Does one step. `by`: 'drag' | 'menu' | 'keys', which decides where the focus goes. Asks for missing values first. */
export async function move(store, card, step, { by = "drag", values = {}, key = newKey(), answered = false } = {}) {
  if (step.needs?.length && !answered) return ask(store, card, step, { by });
  const from = find(store, card.id)?.column.state;
  settle(card.id);
  moveAhead(store, card, step.to);
  try {
    const answer = await post(`${recordApi(store, card.id)}/transitions${path(step.name)}`, { values }, { key, version: card.version });
    accept(store, card, step, from, answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    settleMove(store, card.id);
    takeBack(store, card, step, error, { by, values, key });
  }
}

/** Opens the move menu at its card. */
export function openMenu(store, id) {
  const anchor = document.querySelector(`[data-card="${CSS.escape(id)}"] .kb-more`);
  if (anchor) store.menu.value = { id, anchor };
}

/** Opens the dialog for the values that a step needs. */
export function ask(store, card, step, { by, values = {}, errors = {} }) {
  store.ask.value = { card, step, values, errors, done: (given) => move(store, card, step, { by, values: given, answered: true }) };
}

function accept(store, card, step, from, { status, data }) {
  const name = nameOf(store, card);
  if (status === 202) {
    settleMove(store, card.id);
    succeed(t("{name}: asked for approval of “{step}”", { name, step: step.title }));
    return refresh(store);
  }
  const by = store.server.peek().by;
  const to = data.values?.[by] ?? step.to;
  settleMove(store, card.id, landed(store, card, data, to), to);
  const back = canReturn(store, from, to) && data.moves?.find((other) => other.to === from && other.allowed);
  const actions = back ? [{ label: back.title, run: () => again(store, card.id, back.name) }] : [];
  succeed(t("{name} is now “{state}”", { name, state: titleOf(store, to) }), actions);
  return refresh(store);
}

// The answer holds all the record's fields; a card keeps the ones it shows.
function landed(store, card, data, to) {
  const values = Object.fromEntries(Object.keys(card.values).map((field) => [field, data.values?.[field] ?? card.values[field]]));
  const since = data.values?.[`${to}_at`] ?? new Date(store.now.peek()).toISOString();
  return { ...card, version: data.version, values, titles: { ...card.titles, ...data.titles }, flags: data.flags ?? card.flags, moves: data.moves ?? [], since };
}

async function takeBack(store, card, step, error, { by, values, key }) {
  const wrong = fieldErrors(store, error, step, values);
  if (wrong) return ask(store, card, step, { by, values, errors: wrong });
  if (error.status === 401) return announce(error.title);
  const focus = by === "drag" ? null : () => focusCard(card.id);
  if (error.code === "offline") {
    const retry = { label: t("Try again"), run: () => move(store, card, step, { by, values, key, answered: true }) };
    return refuse({ topic: card.id, title: t("Not moved: {reason}", { reason: error.title }), detail: error.detail, actions: [retry], focus });
  }
  const title = t("“{step}” was refused for {name}", { step: step.title, name: nameOf(store, card) });
  await refresh(store);
  const actions = remedies(store, card, step, error);
  return refuse({ topic: card.id, title, detail: withWaysOut(error.detail || error.title, actions), actions, focus });
}

// A refusal about values that the dialog can ask for: {field: message}, else null.
function fieldErrors(store, error, step, values) {
  const askable = new Set([...(step.needs ?? []), ...Object.keys(values), ...error.remedies.filter((r) => r.kind === "fill").map((r) => r.name)]);
  const found = error.errors.filter((fault) => askable.has(fault.path));
  if (error.status !== 422 || !found.length || !found.every((fault) => store.props.fields?.some((field) => field.name === fault.path))) return null;
  return Object.fromEntries(found.map((fault) => [fault.path, fault.message]));
}

function remedies(store, card, step, error) {
  const actions = [];
  for (const { kind, name, title } of error.remedies) {
    if (kind === "reload") actions.push({ label: title, run: () => refresh(store) });
    if (kind === "sign_in") actions.push({ label: title, href: "/sign-in" });
    if (kind === "fill") actions.push({ label: title, run: () => ask(store, card, { ...step, needs: [name] }, { by: "menu" }) });
    if (kind === "transition") actions.push({ label: title, run: () => again(store, card.id, name) });
  }
  return actions.length ? actions : waysOut(store, card.id, step.name);
}

// Buttons for the steps that are open to the card as it is now, but for the one that was just refused.
function waysOut(store, id, refused = null) {
  const card = find(store, id)?.card;
  return (card?.moves ?? [])
    .filter((move) => move.allowed && move.name !== refused)
    .map(({ name, title, to }) => ({ label: t("{step} → {state}", { step: title, state: titleOf(store, to) }), run: () => again(store, id, name) }));
}

function withWaysOut(reason, actions) {
  return actions.length ? t("{reason} Possible now:", { reason }) : reason;
}

// Later than the toast was made: the card may have changed, so its present steps decide.
function again(store, id, name) {
  const card = find(store, id)?.card;
  const step = card?.moves.find((other) => other.name === name && other.allowed);
  if (step) return move(store, card, step, { by: "menu" });
  return refuse({ topic: id, title: t("That is no longer possible"), detail: t("The card has changed in the meantime.") });
}

export function focusCard(id) {
  document.querySelector(`[data-card="${CSS.escape(id)}"] .kb-body`)?.focus();
}

function recordApi(store, id) {
  const board = store.server.peek();
  return `/apps${path(board.app)}/tables${path(board.table)}/records${path(id)}`;
}
