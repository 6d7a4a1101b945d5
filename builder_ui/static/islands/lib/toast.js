// Short messages over the page: a success passes by itself, a refusal stays until closed and offers what would work instead.
//
// Both are live regions, so that a screen reader hears them; `announce` is the same for what the eye sees anyway.

import { html, render, signal } from "../../vendor/preact.js";
import { onSession } from "./api.js";
import { icon } from "./icon.js";
import { t } from "./i18n.js";

const PASSES_AFTER = 5_000; // milliseconds
const WITH_BUTTON = 8_000;

const passing = signal([]);
const staying = signal([]);
const heard = signal("");
let count = 0;
let host = null;

/** Passes by itself. `actions`: [{label, run}]. */
export function succeed(text, actions = []) {
  show();
  const toast = { id: ++count, title: text, actions };
  passing.value = [toast];
  setTimeout(() => drop(passing, toast.id), actions.length ? WITH_BUTTON : PASSES_AFTER);
}

/** Stays until closed. `topic`: a later refusal on the same topic replaces this one. `focus`: go to its first button (keyboard users). */
export function refuse({ title, detail = "", actions = [], topic = null, focus = null }) {
  show();
  const toast = { id: ++count, title, detail, actions, topic, back: focus };
  staying.value = [...staying.value.filter((other) => topic === null || other.topic !== topic), toast].slice(-3);
  if (focus) requestAnimationFrame(() => host.querySelector(`[data-toast="${toast.id}"] button`)?.focus());
}

/** Takes back what `refuse` said on a topic, once it is settled. */
export function settle(topic) {
  staying.value = staying.value.filter((toast) => toast.topic !== topic);
}

/** For screen readers only. */
export function announce(text) {
  show();
  heard.value = heard.value === text ? `${text}\u00a0` : text;
}

onSession(
  () =>
    refuse({
      topic: "session",
      title: t("You are signed out"),
      detail: t("Sign in again in a new tab and come back: this page stays as it is."),
      actions: [{ label: t("Sign in"), href: "/sign-in" }],
    }),
  () => settle("session"),
);

function drop(list, id) {
  const gone = list.value.find((toast) => toast.id === id);
  if (!gone) return;
  const inside = host.contains(document.activeElement);
  list.value = list.value.filter((toast) => toast.id !== id);
  if (inside) gone.back?.();
}

function show() {
  if (host) return;
  host = document.createElement("div");
  host.className = "toasts";
  document.body.append(host);
  render(html`<${Toasts} />`, host);
  document.addEventListener("keydown", (event) => {
    const last = staying.value.at(-1);
    if (event.key === "Escape" && !event.defaultPrevented && last && !document.querySelector("dialog[open]")) drop(staying, last.id);
  });
}

function Toasts() {
  return html`
    <div class="only-heard" role="status" aria-live="polite">${heard}</div>
    <div role="alert">${staying.value.map((toast) => html`<${Toast} key=${toast.id} toast=${toast} list=${staying} bad />`)}</div>
    <div role="status" aria-live="polite">${passing.value.map((toast) => html`<${Toast} key=${toast.id} toast=${toast} list=${passing} />`)}</div>
  `;
}

function Toast({ toast, list, bad }) {
  const close = () => drop(list, toast.id);
  return html`
    <div class=${bad ? "toast bad" : "toast"} data-toast=${toast.id}>
      <div class="toast-text">
        <strong>${toast.title}</strong>
        ${toast.detail && html`<p>${toast.detail}</p>`}
        ${toast.actions.length > 0 && html`<div class="toast-actions">${toast.actions.map((action) => html`<${Action} action=${action} close=${close} />`)}</div>`}
      </div>
      <button type="button" class="toast-close" aria-label=${t("Close")} onClick=${close}>${icon("x")}</button>
    </div>
  `;
}

function Action({ action, close }) {
  if (action.href) return html`<a href=${action.href} target="_blank" rel="noopener">${action.label}</a>`;
  const run = () => {
    close();
    action.run();
  };
  return html`<button type="button" onClick=${run}>${action.label}</button>`;
}

show();
