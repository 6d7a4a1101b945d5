// On a phone one column fills the screen; the tabs name them all, follow the finger and lead to each.

import { html, useEffect, useRef } from "../../vendor/preact.js";
import { t } from "../lib/i18n.js";
import { countLate } from "./waiting.js";
import { writePlace } from "./place.js";

const SETTLED = 90; // milliseconds without scrolling

export function Tabs({ store, columns, limits }) {
  const nav = useRef();
  const shown = store.column.value ?? columns[0]?.state;
  useEffect(() => follow(store, nav.current), []);
  useEffect(() => {
    const tab = nav.current.querySelector('[aria-current="true"]');
    if (tab) nav.current.scrollTo({ left: tab.offsetLeft - (nav.current.clientWidth - tab.offsetWidth) / 2 });
  }, [shown]);
  return html`
    <nav class="kb-tabs" aria-label=${t("Columns")} ref=${nav}>
      ${columns.map(
        (column) => html`<button type="button" key=${column.state} aria-current=${column.state === shown ? "true" : null} onClick=${() => goTo(store, nav.current, column.state)}>
          ${column.title} <span>${column.count}</span>${countLate(column.cards, limits[column.state], store.now.value) > 0 && html`<i class="kb-alarm" title=${t("Some are late")}></i>`}
        </button>`,
      )}
    </nav>
  `;
}

function goTo(store, nav, state) {
  show(store, state);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollToColumn(nav.parentElement, state, calm ? "instant" : "smooth");
}

/** Brings a column to the left edge of the board. */
export function scrollToColumn(root, state, behavior = "instant") {
  const scroller = root.querySelector(".kb-columns");
  const column = root.querySelector(`[data-column="${CSS.escape(state)}"]`);
  if (column) scroller.scrollTo({ left: column.offsetLeft - scroller.firstElementChild.offsetLeft, behavior });
}

function show(store, state) {
  store.column.value = state;
  writePlace({ column: state });
}

// Which column the finger came to rest on.
function follow(store, nav) {
  const scroller = nav.parentElement.querySelector(".kb-columns");
  let timer = 0;
  const settle = () => {
    if (getComputedStyle(nav).display === "none") return;
    const start = scroller.firstElementChild.offsetLeft;
    const distance = (column) => Math.abs(column.offsetLeft - start - scroller.scrollLeft);
    const nearest = [...scroller.children].reduce((best, column) => (distance(column) < distance(best) ? column : best));
    show(store, nearest.dataset.column);
  };
  const onScroll = () => {
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLED);
  };
  scroller.addEventListener("scroll", onScroll, { passive: true });
  return () => scroller.removeEventListener("scroll", onScroll);
}
