// The small dialog that asks for the values a step needs before it is tried.

import { Component, createRef, html } from "../../vendor/preact.js";
import { t } from "../lib/i18n.js";
import { focusCard } from "./moves.js";
import { nameOf } from "./state.js";

const INPUTS = {
  date: { type: "date" },
  datetime: { type: "datetime-local" },
  integer: { type: "text", inputmode: "numeric" },
  decimal: { type: "text", inputmode: "decimal" },
  money: { type: "text", inputmode: "decimal" },
  phone: { type: "tel" },
};

/** Shown while store.ask holds {card, step, values, errors, done}. */
export function AskDialog({ store }) {
  const asked = store.ask.value;
  return asked && html`<${Dialog} key=${asked.card.id} store=${store} asked=${asked} />`;
}

class Dialog extends Component {
  element = createRef();

  componentDidMount() {
    this.element.current.showModal();
    const first = this.element.current.querySelector("[aria-invalid], input, select, textarea");
    first?.focus();
  }

  close = () => {
    const { store, asked } = this.props;
    store.ask.value = null;
    requestAnimationFrame(() => focusCard(asked.card.id));
  };

  onSubmit = (event) => {
    event.preventDefault();
    const { store, asked } = this.props;
    const values = {};
    for (const field of fieldsOf(store, asked)) values[field.name] = valueOf(field, event.target.elements.namedItem(field.name));
    this.close();
    asked.done({ ...asked.values, ...values });
  };

  render({ store, asked }) {
    const { card, step } = asked;
    return html`
      <dialog class="ask" aria-labelledby="ask-title" ref=${this.element} onCancel=${this.close} onClose=${this.close}>
        <form onSubmit=${this.onSubmit}>
          <h2 id="ask-title">${step.title}</h2>
          <p class="ask-about">${t("{name} needs this first", { name: nameOf(store, card) })}</p>
          ${fieldsOf(store, asked).map((field) => html`<${Field} key=${field.name} field=${field} value=${asked.values[field.name]} error=${asked.errors[field.name]} />`)}
          <div class="ask-buttons">
            <button type="button" class="button" onClick=${this.close}>${t("Cancel")}</button>
            <button type="submit" class="button primary">${step.title}</button>
          </div>
        </form>
      </dialog>
    `;
  }
}

// A field that the board was told nothing of is still asked for, as text under its name.
function fieldsOf(store, { step, errors }) {
  const names = [...new Set([...(step.needs ?? []), ...Object.keys(errors)])];
  return names.map((name) => store.props.fields?.find((field) => field.name === name) ?? { name, title: name, kind: "text" });
}

function Field({ field, value, error }) {
  const id = `ask-${field.name}`;
  const more = { id, name: field.name, "aria-invalid": error ? "true" : null, "aria-describedby": error ? `${id}-error` : null };
  return html`
    <div class="ask-field">
      <label for=${id}>${field.title}</label>
      <${Input} field=${field} value=${value} more=${more} />
      ${error && html`<p class="ask-error" id=${`${id}-error`}>${error}</p>`}
    </div>
  `;
}

function Input({ field, value, more }) {
  if (field.kind === "boolean") return html`<input type="checkbox" ...${more} defaultChecked=${value === true} />`;
  if (field.kind === "long_text") return html`<textarea ...${more} rows="3" required>${value}</textarea>`;
  if (field.choices?.length) {
    return html`<select ...${more} required>
      <option value="">${t("Choose …")}</option>
      ${field.choices.map((choice) => html`<option value=${choice.name} selected=${choice.name === value}>${choice.title}</option>`)}
    </select>`;
  }
  return html`<input autocomplete="off" ...${INPUTS[field.kind] ?? { type: "text" }} ...${more} required defaultValue=${value ?? ""} />`;
}

function valueOf(field, input) {
  if (field.kind === "boolean") return input.checked;
  const text = input.value.trim();
  if (field.kind === "datetime") return text && new Date(text).toISOString();
  return field.kind === "integer" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
