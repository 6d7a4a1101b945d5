// How long a card has been in its state, counted here from `since`; amber past the state's limit, red past twice of it.

import { Component, html } from "../../vendor/preact.js";
import { duration } from "../lib/format.js";
import { icon } from "../lib/icon.js";
import { t } from "../lib/i18n.js";

const RED_AFTER = 2; // times the limit

/** '' | 'late' | 'very-late'. `limit` in seconds, undefined where the state has none. */
export function lateness(since, limit, now) {
  if (!limit || !since) return "";
  const times = (now - Date.parse(since)) / 1000 / limit;
  if (times < 1) return "";
  return times < RED_AFTER ? "late" : "very-late";
}

/** Number of cards past the limit. */
export function countLate(cards, limit, now) {
  return limit ? cards.filter((card) => lateness(card.since, limit, now)).length : 0;
}

/** Its own component, so that the clock draws only this again and not the card. */
export class Waiting extends Component {
  render({ store, since, limit, always }) {
    const now = store.now.value;
    const late = lateness(since, limit, now);
    if (!late && !always) return null;
    const seconds = Math.max(0, (now - Date.parse(since)) / 1000);
    const text = t("waited {time}", { time: duration(seconds) });
    if (!late) return html`<span class="kb-quiet">${text}</span>`;
    return html`<span class=${`kb-pill ${late}`}>${icon("clock")}<span class="only-heard">${t("Past the limit:")} </span>${text}</span>`;
  }
}
