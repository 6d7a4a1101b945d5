// Which field stands where on a card, decided by the kinds of the fields that the board names: the definition says what, not where.

import { show } from "../lib/format.js";

const SMALL = ["choice", "choices", "tags", "region", "phone", "person", "date", "datetime", "duration", "integer", "decimal", "money"];

/**
 * Places for `card_fields` [{name, title, kind}]: the first is the number, the first money the amount, the next words the title line,
 * true booleans become chips, the rest the small line with its last at the right end.
 */
export function layoutOf(fields) {
  const [number, ...rest] = fields.filter((field) => !isWaiting(field));
  const amount = rest.find((field) => field.kind === "money");
  const chips = rest.filter((field) => field.kind === "boolean");
  const others = rest.filter((field) => field !== amount && !chips.includes(field));
  const title = others.find((field) => !SMALL.includes(field.kind));
  const small = others.filter((field) => field !== title);
  const places = { number, amount, title };
  return {
    chips,
    small,
    waiting: fields.some(isWaiting),
    text: (card, place) => (places[place] ? textOf(card, places[place]) : ""),
    textOf,
  };
}

/** A field's value on a card as people read it; '' when empty or not readable. */
function textOf(card, field) {
  const title = card.titles?.[field.name] ?? field.choices?.find((choice) => choice.name === card.values[field.name])?.title;
  return show(field.kind, card.values[field.name], title, field.currency);
}

function isWaiting(field) {
  return field.name === "waiting";
}
